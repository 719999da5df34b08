import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { Clock, Database } from '../wiring.js';
import { insertToken } from './token.store.js';

/**
 * The token of the first administrator, made by the one replica that finds none at all. The file is there before the
 * commit: dying in between leaves a file that the next start writes anew, never a token that nobody has.
 * @returns whether it was made now
 */
export async function createFirstToken(db: Database, file: string, clock: Clock): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('tocsin:first-token'))`.execute(tx);
    if ((await tx.selectFrom('auth.token').select('id').limit(1).executeTakeFirst()) !== undefined)
      return false;
    const input = { name: 'first administrator', scopes: ['admin' as const] };
    const { token } = await insertToken(tx, 'default', input, clock());
    writePrivately(file, `${token}\n`);
    return true;
  });
}

function writePrivately(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
