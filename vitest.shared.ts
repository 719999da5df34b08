import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Only our own condition: vitest hands these to Node as --conditions, so adding 'import' here would make
  // require('pg-pool') load ESM and break pg.
  ssr: { resolve: { conditions: ['@tocsin/source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-report.json' },
  },
});
