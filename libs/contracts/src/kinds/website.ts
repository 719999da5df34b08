import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpFields, httpSecretPaths } from './http-request.js';

const schema = z.strictObject({
  ...httpFields,
  enableSslCheck: z.boolean().default(true),
  /** with this many days left, or fewer, a certificate counts as expiring */
  sslDaysUntilExpirationWarning: z.int().min(1).max(365).default(30),
});

export type WebsiteConfig = z.output<typeof schema>;

export const websiteConfig: ConfigSchema<WebsiteConfig> = { schema, secretPaths: httpSecretPaths };
