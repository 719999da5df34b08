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

/** Distinct statements a process prepares at most: those of a service are some dozens, a filter's combinations many. */
const MOST_STATEMENTS = 300;
const statementNames = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= MOST_STATEMENTS) return known;
  const name = `t${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/**
 * Prepares what it is asked again and again. For the small batches of a live projection, planning cost Postgres more
 * than the work itself (measured at 300 results/s: 1.5 ms of CPU for a batch, 0.55 of it execution).
 */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of the driver, of which Kysely uses the one with text and values
  override query(...args: any[]): any {
    const [text, values] = args;
    if (args.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0) {
      const name = nameOf(text);
      if (name !== undefined) return super.query({ name, text, values });
    }
    // @ts-expect-error passed on as it came
    return super.query(...args);
  }
}

export interface ConnectOptions {
  readonly databaseUrl: string;
  /** shown in pg_stat_activity */
  readonly name: string;
  readonly maxConnections?: number;
  /** where unqualified names are looked for, in this order; the server's default when absent */
  readonly schemas?: readonly string[];
  /** the role to act as, of those the login may become; itself when absent */
  readonly role?: string;
  /** called when an idle connection breaks; without it pg would end the process */
  readonly onIdleError?: (error: Error) => void;
}

/** For a startup option, whose words are separated by blanks. */
const escaped = (value: string) => value.replaceAll(/[\\ ]/g, '\\$&');

/** As an identifier in a list of a setting. */
const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A pool behind Kysely. It connects on first use, so that a service starts while Postgres is down. */
export function connectDatabase<DB>(options: ConnectOptions): Kysely<DB> {
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: options.databaseUrl,
    application_name: options.name,
    max: options.maxConnections ?? 8,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types,
    // A client whose host vanished must not hold its shards for hours.
    options: [
      'tcp_keepalives_idle=5',
      'tcp_keepalives_interval=5',
      'tcp_keepalives_count=3',
      'timezone=UTC',
      'idle_in_transaction_session_timeout=60000',
      ...(options.schemas === undefined ? [] : [`search_path=${options.schemas.map(quotedName).join(',')}`]),
      ...(options.role === undefined ? [] : [`role=${options.role}`]),
    ]
      .map((setting) => `-c ${escaped(setting)}`)
      .join(' '),
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
