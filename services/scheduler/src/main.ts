import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, STRATEGY } from './app.module.js';
import { schedulerConfig } from './config.js';

await runService({
  name: 'scheduler',
  config: () => parseConfig(schedulerConfig, process.env),
  createModule,
  strategies: (app) => [app.get(STRATEGY)],
});
