import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, strategies } from './app.module.js';
import { notifierConfig } from './config.js';
import { SERVICE } from './notifier.js';
import { rebuildCommand } from './rebuild.command.js';
import { replayNotifier } from './replay.command.js';
import { verifyCommand } from './verify.command.js';

const command = process.argv[2];
if (command === 'rebuild') {
  const needed = notifierConfig.pick({ DATABASE_URL: true, NATS_URL: true });
  await rebuildCommand(parseConfig(needed, process.env));
} else if (command === 'verify') {
  process.exitCode = await verifyCommand(
    parseConfig(notifierConfig.pick({ DATABASE_URL: true }), process.env),
  );
} else if (command === 'replay') {
  process.exitCode = await replayNotifier(process.argv.slice(3));
} else if (command === undefined) {
  await runService({
    name: SERVICE,
    config: () => parseConfig(notifierConfig, process.env),
    createModule,
    strategies,
  });
} else {
  throw new Error(
    `there is no command "${command}": run it without one to serve, or with rebuild, replay or verify`,
  );
}
