import { LONGEST_GRACE_SECONDS } from '@tocsin/monitoring';
import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';

const schema = z.strictObject({
  /** how late a heartbeat may be beyond the monitor's interval */
  graceSeconds: z.int().min(0).max(LONGEST_GRACE_SECONDS).default(60),
});

export type HeartbeatConfig = z.output<typeof schema>;

export const heartbeatConfig: ConfigSchema<HeartbeatConfig> = { schema, secretPaths: () => [] };
