import type { TestKind } from '@tocsin/monitoring';
import type { z } from 'zod';
import { apiDefinition } from './api.js';
import { browserDefinition } from './browser.js';

/** What a test of each kind is made of. */
export const testKinds: Readonly<Record<TestKind, z.ZodType>> = {
  browser: browserDefinition,
  api: apiDefinition,
};

export {
  type ApiAssertion,
  type ApiDefinition,
  type ApiExtraction,
  type ApiStep,
  apiDefinition,
} from './api.js';
export { type BrowserDefinition, browserDefinition } from './browser.js';
export { VARIABLE_MAX_LENGTH, VARIABLES_MAX, variableName } from './variables.js';
