import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, strategies } from './app.module.js';
import { evaluatorConfig } from './config.js';
import { SERVICE } from './evaluator.js';
import { rebuildCommand } from './rebuild.command.js';
import { replayEvaluator } from './replay.command.js';
import { verifyCommand } from './verify.command.js';

const command = process.argv[2];
if (command === 'rebuild') {
  const needed = evaluatorConfig.pick({ DATABASE_URL: true, NATS_URL: true });
  await rebuildCommand(parseConfig(needed, process.env));
} else if (command === 'verify') {
  process.exitCode = await verifyCommand(
    parseConfig(evaluatorConfig.pick({ DATABASE_URL: true }), process.env),
  );
} else if (command === 'replay') {
  process.exitCode = await replayEvaluator(process.argv.slice(3));
} else if (command === undefined) {
  await runService({
    name: SERVICE,
    config: () => parseConfig(evaluatorConfig, process.env),
    createModule,
    strategies,
  });
} else {
  throw new Error(
    `there is no command "${command}": run it without one to serve, or with rebuild, replay or verify`,
  );
}
