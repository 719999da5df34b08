import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpUrl } from './http-url.js';

const schema = z.strictObject({ teamsWebhookUrl: httpUrl });

export type TeamsConfig = z.output<typeof schema>;

export const teamsConfig: ConfigSchema<TeamsConfig> = { schema, secretPaths: () => [['teamsWebhookUrl']] };
