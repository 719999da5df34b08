import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpUrl } from './http-url.js';

const schema = z.strictObject({
  webhookUrl: httpUrl,
  /** shown to people; an incoming webhook always posts to the channel it was made for */
  channel: z.string().max(255).optional(),
});

export type SlackConfig = z.output<typeof schema>;

export const slackConfig: ConfigSchema<SlackConfig> = { schema, secretPaths: () => [['webhookUrl']] };
