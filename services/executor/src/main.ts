import 'reflect-metadata';
import { parseConfig, runService } from '@tocsin/service-kit';
import { createModule, strategies } from './app.module.js';
import { executorConfig } from './config.js';

await runService({
  name: 'executor',
  config: () => parseConfig(executorConfig, process.env),
  createModule,
  strategies: (_app, context) => strategies(context),
});
