import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, STRATEGY } from './app.module.js';
import { schedulerConfig } from './config.js';
import { replayScheduler } from './replay.command.js';

const command = process.argv[2];
if (command === 'replay') process.exitCode = await replayScheduler(process.argv.slice(3));
else if (command === undefined)
  await runService({
    name: 'scheduler',
    config: () => parseConfig(schedulerConfig, process.env),
    createModule,
    strategies: (app) => [app.get(STRATEGY)],
  });
else throw new Error(`there is no command "${command}": run it without one to serve, or with replay`);
