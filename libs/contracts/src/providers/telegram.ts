import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpUrl } from './http-url.js';

const schema = z.strictObject({
  // The token becomes a segment of the request's path, so nothing that could leave that segment is let in.
  botToken: z
    .string()
    .max(200)
    .regex(/^\d+:[\w-]+$/, 'must look like 123456:ABC-def, as @BotFather shows it'),
  /** a number as text (negative for groups) or `@channelname` */
  chatId: z
    .string()
    .max(100)
    .regex(/^(?:-?\d+|@\w+)$/, 'must be a chat number or @channelname'),
  /** another address of the Bot API, for a server of one's own */
  apiBaseUrl: httpUrl.default('https://api.telegram.org'),
});

export type TelegramConfig = z.output<typeof schema>;

export const telegramConfig: ConfigSchema<TelegramConfig> = { schema, secretPaths: () => [['botToken']] };
