import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, strategies } from './app.module.js';
import { projectorConfig } from './config.js';
import { rebuildCommand } from './rebuild.command.js';
import { replayResults } from './replay.command.js';
import { SERVICE } from './result-projector.js';

const command = process.argv[2];
if (command === 'rebuild') {
  const needed = { DATABASE_URL: true, NATS_URL: true, TOCSIN_RESULTS_RETENTION_DAYS: true } as const;
  await rebuildCommand(parseConfig(projectorConfig.pick(needed), process.env));
} else if (command === 'replay') {
  process.exitCode = await replayResults(process.argv.slice(3));
} else if (command === undefined) {
  await runService({
    name: SERVICE,
    config: () => parseConfig(projectorConfig, process.env),
    createModule,
    strategies,
  });
} else {
  throw new Error(`there is no command "${command}": run it without one to serve, or with rebuild or replay`);
}
