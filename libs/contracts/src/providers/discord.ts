import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpUrl } from './http-url.js';

const schema = z.strictObject({ discordWebhookUrl: httpUrl });

export type DiscordConfig = z.output<typeof schema>;

export const discordConfig: ConfigSchema<DiscordConfig> = {
  schema,
  secretPaths: () => [['discordWebhookUrl']],
};
