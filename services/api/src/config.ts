import { artifactSettings, completeArtifactSettings } from '@tocsin/artifacts';
import { baseConfig, databaseUrl, secret, secretList } from '@tocsin/service-kit';
import { z } from 'zod';
import { completePeopleSettings, peopleSettings } from './people/environment.js';

const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''))
  .describe('where people reach the product, as https://tocsin.example.com');

export const configSchema = baseConfig
  .extend({
    ...artifactSettings,
    ...peopleSettings,
    DATABASE_URL: databaseUrl,
    TOCSIN_SECRET_KEY: secret.describe('32 random bytes in base64: opens the stored secrets'),
    TOCSIN_SECRET_KEY_PREVIOUS: secretList
      .default([])
      .describe('keys before it, separated by commas, while secrets move to the present one'),
    TOCSIN_ADMIN_TOKEN_FILE: z
      .string()
      .optional()
      .describe('where the first start writes the token of the administrator'),
    TOCSIN_PUBLIC_URL: publicUrl.optional(),
    TOCSIN_CONSOLE_DIR: z
      .string()
      .min(1)
      .optional()
      .describe('folder of the built console; left out: the one beside the api, if it is there'),
    TOCSIN_RUN_QUEUE_LIMIT: z.coerce
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe('runs of a project that may wait for their turn'),
  })
  .superRefine(completeArtifactSettings)
  .superRefine(completePeopleSettings);
export type Config = z.output<typeof configSchema>;
