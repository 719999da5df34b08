import { connectDatabase } from '@tocsin/database';
import { connectNats } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { localUrls, type ServerUrls } from '../local-urls.store.js';

export interface ServerOptions {
  readonly nats?: string;
  readonly database?: string;
}

/** Where `npm start` leaves the read-only identities of the installation in the folder it was called in. */
const LOCAL_FILE = '.tocsin/auditor.json';
/** The identity that reads the log and writes nothing; replies come to it alone. */
const AUDITOR = 'auditor';
const PATIENCE_MS = 5000;

/** @throws CommandError when nobody said where the servers are */
export function serverUrls({ nats, database }: ServerOptions, env: Context['env']): ServerUrls {
  const local = localUrls(LOCAL_FILE);
  const natsUrl = nats ?? env.NATS_URL ?? local.natsUrl;
  const databaseUrl = database ?? env.DATABASE_URL ?? local.databaseUrl;
  if (natsUrl === undefined || databaseUrl === undefined)
    throw new CommandError(
      `where is the log? Set NATS_URL and DATABASE_URL to those of the identity "${AUDITOR}", or call this where ${LOCAL_FILE} is`,
    );
  return { natsUrl, databaseUrl };
}

export interface Servers {
  readonly nats: Awaited<ReturnType<ReturnType<typeof connectNats>['connection']>>;
  readonly db: Kysely<unknown>;
}

/** @throws CommandError when one of them is not there: without a look there is no verdict */
export async function withServers<T>(urls: ServerUrls, work: (servers: Servers) => Promise<T>): Promise<T> {
  const nats = connectNats({ url: urls.natsUrl, name: AUDITOR });
  const db = connectDatabase<unknown>({
    databaseUrl: urls.databaseUrl,
    name: `tocsin-${AUDITOR}`,
    maxConnections: 2,
  });
  try {
    const connection = await connected(nats);
    await sql`select 1`.execute(db).catch((error: unknown) => {
      throw unreachable('Postgres', error);
    });
    return await work({ nats: connection, db });
  } finally {
    await nats.close();
    await db.destroy();
  }
}

async function connected(nats: ReturnType<typeof connectNats>) {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  try {
    const connection = await Promise.race([nats.connection(), patience]);
    if (connection === undefined) throw unreachable('NATS', new Error((await nats.check()) ?? 'no answer'));
    return connection;
  } finally {
    clearTimeout(timer);
  }
}

/** A failure of the servers while they are looked at, as a sentence. */
export function unreachable(what: string, error: unknown): CommandError {
  const { code, message } = error as { code?: string; message?: string };
  const said = message === undefined || message === '' ? (code ?? 'no answer') : message;
  return new CommandError(`cannot look: ${what} says: ${said}`, EXIT.unavailable);
}
