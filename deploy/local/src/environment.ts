import type { ServiceSpec } from './deployment.js';

export interface ServiceSurroundings {
  natsUrl: string;
  /** with this service's role; absent for a service that has no database */
  databaseUrl: string | undefined;
  port: number;
  /** where people reach the product, unless the operator said otherwise */
  publicUrl: string;
  secretKey: string;
  tokenFile: string;
  ownEndpoints: string[];
  logLevel: string;
}

/** What any program needs of its surroundings, and what an operator may tell the services. */
const passed =
  /^(PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(TOCSIN|SMTP|OTEL)_\w+)$/;
/** Told by us or kept from those it does not concern. */
const ours = /^TOCSIN_(NATS_\w+|SUBSCRIBERS|PORT|SECRET_KEY|SECRET_KEY_PREVIOUS|ADMIN_TOKEN_FILE|DATA_DIR)$/;
/** Who signs in, and with what, is the business of the one that people speak to. */
const ofTheFront = /^TOCSIN_(ADMIN|OIDC|SESSION)_\w+$/;

/** The keys of the storage concern those who put into it and read from it. */
const ofArtifacts = /^TOCSIN_S3_\w+$/;

/** The whole environment of a service: nothing of ours reaches it by accident, its neighbours' passwords least of all. */
export function serviceEnvironment(
  spec: ServiceSpec,
  around: ServiceSurroundings,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const inherited = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      passed.test(entry[0]) &&
      !ours.test(entry[0]) &&
      (spec.isFront || !ofTheFront.test(entry[0])) &&
      (spec.keepsArtifacts || !ofArtifacts.test(entry[0])),
  );
  const ownEndpoints = [env.TOCSIN_OWN_ENDPOINTS ?? '', ...around.ownEndpoints].filter((text) => text !== '');
  return {
    // glibc's arenas, one for each thread, keep what no thread uses any more
    MALLOC_ARENA_MAX: '2',
    // what a password's hash takes goes back at once: 3 MiB are left of forty, where else it would be 43
    MALLOC_MMAP_THRESHOLD_: '4194304',
    ...Object.fromEntries(inherited),
    NATS_URL: around.natsUrl,
    ...(around.databaseUrl === undefined ? {} : { DATABASE_URL: around.databaseUrl }),
    HTTP_PORT: String(around.port),
    TOCSIN_PUBLIC_URL: env.TOCSIN_PUBLIC_URL ?? around.publicUrl,
    ...(spec.isFront ? { TOCSIN_PORT: String(around.port), TOCSIN_ADMIN_TOKEN_FILE: around.tokenFile } : {}),
    ...(spec.readsSecrets
      ? {
          TOCSIN_SECRET_KEY: around.secretKey,
          ...(env.TOCSIN_SECRET_KEY_PREVIOUS === undefined
            ? {}
            : { TOCSIN_SECRET_KEY_PREVIOUS: env.TOCSIN_SECRET_KEY_PREVIOUS }),
        }
      : {}),
    TOCSIN_OWN_ENDPOINTS: ownEndpoints.join(','),
    LOG_LEVEL: around.logLevel,
  };
}
