import { VARIABLES_MAX } from '@tocsin/contracts';
import { variableCursor, type variableListQuery } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import type { VariableRow } from '../database.js';
import type { Caller } from '../http/call.js';
import type { Database } from '../wiring.js';
import { configuredOf, MAX_BYTES } from './variable.js';

export async function findVariable(db: Database, project: string, id: string): Promise<VariableRow> {
  const row = await db
    .selectFrom('config.variables')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .executeTakeFirst();
  if (row === undefined) throw notFound('variable');
  return row;
}

/** Changes of a project's variables take turns: their names and their number are about all of them. */
export async function takeTurns(tx: Tx, project: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`variables:${project}`}))`.execute(tx);
}

/** By name; one more than asked for, so that the page knows whether it is the last. */
export async function listVariables(
  db: Database,
  project: string,
  { cursor, limit, managedBy }: z.output<typeof variableListQuery>,
): Promise<VariableRow[]> {
  const [after] = cursor === undefined ? [undefined] : variableCursor.decode(cursor);
  const name = sql<string>`name collate "C"`;
  return await db
    .selectFrom('config.variables')
    .selectAll()
    .where('project', '=', project)
    .$if(after !== undefined, (q) => q.where(name, '>', after!))
    .$if(managedBy !== undefined, (q) => q.where('managed_by', '=', managedBy!))
    .orderBy(name)
    .limit(limit + 1)
    .execute();
}

/** Every variable of a project, for whoever may have them all. */
export const allVariables = (db: Database, project: string): Promise<VariableRow[]> =>
  db
    .selectFrom('config.variables')
    .selectAll()
    .where('project', '=', project)
    .orderBy(sql`name collate "C"`)
    .execute();

/** Row and event of a variable that is new or changed. @throws DomainError `conflict` when it does not fit beside the others */
export async function saveVariable(tx: Tx, caller: Caller, row: VariableRow): Promise<void> {
  const others = (await allVariables(tx, row.project)).filter(({ id }) => id !== row.id);
  requireRoom(others, row);
  const { id, ...changed } = row;
  await tx
    .insertInto('config.variables')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await recordChanges(tx, [
    configEvent('VariableConfigured', { kind: 'variable', id }, caller, row.updated_at, configuredOf(row)),
  ]);
}

function requireRoom(others: readonly VariableRow[], { name, bytes }: VariableRow): void {
  if (others.some((other) => other.name === name))
    throw new DomainError('conflict', `there is a variable ${name} already: change that one`);
  if (others.length >= VARIABLES_MAX)
    throw new DomainError('conflict', `a project has at most ${VARIABLES_MAX} variables: delete one first`);
  if (others.reduce((sum, other) => sum + other.bytes, bytes) > MAX_BYTES)
    throw new DomainError(
      'conflict',
      `the variables of a project have at most ${MAX_BYTES / 1024} KiB together: shorten or delete some first`,
    );
}
