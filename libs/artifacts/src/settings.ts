import { type Secret, secret } from '@tocsin/service-kit';
import { z } from 'zod';

/** The environment of a service that stores or shows artifacts: `baseConfig.extend({ ...artifactSettings })`. */
export const artifactSettings = {
  TOCSIN_S3_ENDPOINT: z
    .string()
    .transform((text, context) => originOf(text) ?? fail(context))
    .describe('the origin of S3-compatible storage, as https://s3.eu-central-1.amazonaws.com')
    .optional(),
  TOCSIN_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket')
    .optional(),
  TOCSIN_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'is no region')
    .default('us-east-1'),
  TOCSIN_S3_ACCESS_KEY: secret.optional(),
  TOCSIN_S3_SECRET_KEY: secret.optional(),
};

const fields = z.object(artifactSettings);
export type ArtifactSettings = z.output<typeof fields>;

const NEEDED = [
  'TOCSIN_S3_ENDPOINT',
  'TOCSIN_S3_BUCKET',
  'TOCSIN_S3_ACCESS_KEY',
  'TOCSIN_S3_SECRET_KEY',
] as const;

/** For `.superRefine`: half a setting would keep artifacts where nobody looks for them. */
export function completeArtifactSettings(settings: ArtifactSettings, context: z.RefinementCtx): void {
  const missing = NEEDED.filter((name) => settings[name] === undefined);
  if (missing.length === 0 || missing.length === NEEDED.length) return;
  for (const name of missing)
    context.addIssue({
      code: 'custom',
      path: [name],
      message: `is needed too: set all of ${NEEDED.join(', ')}, or none`,
    });
}

export interface S3Settings {
  /** without a trailing slash */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/** undefined: artifacts are kept in JetStream */
export function s3SettingsOf(settings: ArtifactSettings): S3Settings | undefined {
  const {
    TOCSIN_S3_ENDPOINT: endpoint,
    TOCSIN_S3_BUCKET: bucket,
    TOCSIN_S3_REGION: region,
    TOCSIN_S3_ACCESS_KEY: accessKey,
    TOCSIN_S3_SECRET_KEY: secretKey,
  } = settings;
  if (endpoint === undefined || bucket === undefined || accessKey === undefined || secretKey === undefined)
    return undefined;
  return { endpoint, bucket, region, accessKey, secretKey };
}

function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  const isOrigin =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    /^\/?$/.test(url.pathname) &&
    url.search === '';
  return isOrigin ? url.origin : undefined;
}

function fail(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'is no origin: leave path, user and query out' });
  return z.NEVER;
}
