import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { activeFields, port } from './common.js';

const schema = z.strictObject({
  port,
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  /** up while nothing answers there */
  expectClosed: z.boolean().default(false),
  ...activeFields(10),
});

export type PortCheckConfig = z.output<typeof schema>;

export const portCheckConfig: ConfigSchema<PortCheckConfig> = { schema, secretPaths: () => [] };
