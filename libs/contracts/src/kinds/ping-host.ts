import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { activeFields, port } from './common.js';

const schema = z.strictObject({
  /** echo requests per check; some lost is degraded, all lost is down */
  count: z.int().min(1).max(10).default(1),
  /** `auto`: ICMP where this machine may, and TCP when it may not or nothing came back */
  method: z.enum(['auto', 'icmp', 'tcp']).default('auto'),
  /** for TCP: the host is there when one of them answers, be it with a refusal */
  ports: z.array(port).min(1).max(5).default([443, 80]),
  ...activeFields(5),
});

export type PingHostConfig = z.output<typeof schema>;

export const pingHostConfig: ConfigSchema<PingHostConfig> = { schema, secretPaths: () => [] };
