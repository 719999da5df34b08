import { defineProject, mergeConfig } from 'vitest/config';
import shared from '../../vitest.shared.js';

export default mergeConfig(
  shared,
  defineProject({
    test: {
      name: 'api',
      globalSetup: ['../../libs/testing/src/global-setup.ts'],
      // Every file starts an api of its own; loading Nest and all schemas anew for each costs more than the tests.
      isolate: false,
    },
  }),
);
