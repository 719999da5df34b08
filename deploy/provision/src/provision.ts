import { ARTIFACT_BUCKET, type Subscriber } from '@tocsin/contracts';
import { provisionPostgres, withProvisionLock } from './schemas.postgres.js';
import { provisionNats } from './streams.nats.js';

export interface ProvisionOptions {
  /** of the deploy-time identity, the only one that may make streams */
  natsUrl: string;
  /** of an identity that may make schemas, and roles if there are passwords */
  databaseUrl: string;
  /** by role; without them all services share the identity of their database URL */
  rolePasswords?: Record<string, string> | undefined;
  /** places with executors; default: `local` */
  locations?: string[] | undefined;
  /** copies of each stream in a cluster; default: as they are, one for a new stream */
  replicas?: number | undefined;
  /** on the streams' `maxBytes`, for small disks; default 1 */
  maxBytesScale?: number | undefined;
  /** how long reports, traces and screenshots of runs are kept; default 30 */
  artifactDays?: number | undefined;
  /** all there are; undefined: as they are */
  subscribers?: readonly Subscriber[] | undefined;
  /** what an operator should know although it worked; default: the console */
  log?: ((line: string) => void) | undefined;
}

/** Brings servers that are new, or of an earlier version, to what the services expect. May be repeated at any time. */
export async function provision(options: ProvisionOptions): Promise<void> {
  const { natsUrl, databaseUrl, rolePasswords, locations = ['local'], replicas, maxBytesScale = 1 } = options;
  const { artifactDays = ARTIFACT_BUCKET.days, subscribers, log = console.warn } = options;
  if (!(maxBytesScale > 0 && Number.isFinite(maxBytesScale)))
    throw new Error('maxBytesScale must be above 0');
  await withProvisionLock(databaseUrl, async (client) => {
    await provisionPostgres(client, rolePasswords);
    await provisionNats(natsUrl, { locations, replicas, maxBytesScale, artifactDays, subscribers }, log);
  });
}
