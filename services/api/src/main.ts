import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createApp } from './app.module.js';
import { configSchema } from './config.js';
import { ProblemFilter } from './http/problem.filter.js';
import { LOGGER } from './wiring.js';

await runService({
  name: 'api',
  config: () => parseConfig(configSchema, process.env),
  createModule: (context) =>
    createApp({
      context,
      onFailure: (error) => {
        context.logger.fatal({ err: error }, 'the api cannot go on');
        process.exit(1);
      },
    }),
  httpFilter: (app) => new ProblemFilter(app.get(LOGGER)),
});
