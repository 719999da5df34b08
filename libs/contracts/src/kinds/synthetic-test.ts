import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { activeFields } from './common.js';

const schema = z.strictObject({
  /** the test that is run on the monitor's interval */
  testId: z.guid().toLowerCase(),
  ...activeFields(120),
  timeoutSeconds: z.int().min(1).max(300).default(120),
});

export type SyntheticTestConfig = z.output<typeof schema>;

export const syntheticTestConfig: ConfigSchema<SyntheticTestConfig> = { schema, secretPaths: () => [] };
