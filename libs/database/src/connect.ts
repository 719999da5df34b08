import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';

/** Timestamps come out as the instants of the events: UTC text with three decimals. */
const TIMESTAMPTZ = 1184;
const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

export interface ConnectOptions {
  readonly databaseUrl: string;
  /** shown in pg_stat_activity */
  readonly name: string;
  readonly maxConnections?: number;
  /** called when an idle connection breaks; without it pg would end the process */
  readonly onIdleError?: (error: Error) => void;
}

/** A pool behind Kysely. It connects on first use, so that a service starts while Postgres is down. */
export function connectDatabase<DB>(options: ConnectOptions): Kysely<DB> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.name,
    max: options.maxConnections ?? 8,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types,
    // A client whose host vanished must not hold its shards for hours.
    options:
      '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c timezone=UTC -c idle_in_transaction_session_timeout=60000',
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // One that breaks while it is held fails the next query of its holder; with nobody listening it ends the process too.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

/** @throws when Postgres does not answer */
export async function ping(db: Kysely<never>): Promise<void> {
  await sql`select 1`.execute(db);
}
