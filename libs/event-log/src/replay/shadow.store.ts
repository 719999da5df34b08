import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { couldNot, wrongUse } from './replayable.js';

/** Written as the comment of a schema that a replay made: no other is ever dropped. */
export interface ShadowMark {
  readonly tocsin: 'replay' | 'before';
  readonly service: string;
  readonly live: string;
  readonly madeAt: Instant;
  /** the state of then, not of now */
  readonly at?: Instant;
}

export interface ShadowNames {
  readonly live: string;
  readonly shadow: string;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

export function checkName(name: string, live: string): void {
  if (!NAME.test(name))
    throw wrongUse(`"${name}" is no name for a schema: small letters, digits and _, 63 at most`);
  if (name === live || name.startsWith('pg_') || name === 'public')
    throw wrongUse(`${name} is not a replay's to fill: name a schema of its own, such as ${live}_next`);
}

/** Who owns the live tables: the others have to be the same role's for the service to go on with them. */
export async function ownerOf(db: Kysely<unknown>, live: string): Promise<string> {
  const { rows } = await sql<{ owner: string; may: boolean }>`
    select nspowner::regrole::text as owner, pg_has_role(nspowner, 'member') as may
    from pg_namespace where nspname = ${live}`.execute(db);
  const found = rows[0];
  if (found === undefined)
    throw couldNot(`there is no schema ${live} in this database: has the service ever run on it?`);
  if (!found.may)
    throw couldNot(
      `the tables of ${live} belong to ${found.owner}: connect as that role, or as one that may become it`,
    );
  return found.owner;
}

/** @returns undefined when there is no such schema. @throws when it is there and no replay made it */
export async function readMark(db: Kysely<unknown>, schema: string): Promise<ShadowMark | undefined> {
  const { rows } = await sql<{ comment: string | null; is_empty: boolean }>`
    select obj_description(oid, 'pg_namespace') as comment,
      not exists (select from pg_class as c where c.relnamespace = n.oid) as is_empty
    from pg_namespace as n where nspname = ${schema}`.execute(db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const mark = parseMark(found.comment);
  if (mark === undefined && found.is_empty) return undefined;
  if (mark === undefined)
    throw wrongUse(`the schema ${schema} was not made by a replay and is left alone: choose another name`);
  return mark;
}

function parseMark(comment: string | null): ShadowMark | undefined {
  try {
    const mark = JSON.parse(comment ?? '') as ShadowMark;
    return mark.tocsin === 'replay' || mark.tocsin === 'before' ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the schema, or takes one that is there and empty, in the name of the owner. */
export async function makeSchema(
  db: Kysely<unknown>,
  schema: string,
  owner: string,
  mark: ShadowMark,
): Promise<void> {
  const { rows } = await sql<{ there: boolean; may: boolean; who: string; base: string }>`
    select exists (select from pg_namespace where nspname = ${schema}) as there, current_user as who,
      current_database() as base, has_database_privilege(current_database(), 'create') as may`.execute(db);
  const state = rows[0];
  if (state?.there !== true) {
    if (state?.may !== true)
      throw couldNot(
        `${state?.who} may not make schemas in ${state?.base}: run this with the DATABASE_URL of its operator, or have ` +
          `the operator run: create schema ${schema} authorization ${owner}`,
      );
    await sql`create schema ${sql.id(schema)} authorization ${sql.id(owner)}`.execute(db);
  }
  await sql`comment on schema ${sql.id(schema)} is ${sql.lit(JSON.stringify(mark))}`.execute(db);
}

export async function dropSchema(db: Kysely<unknown>, schema: string): Promise<void> {
  const mark = await readMark(db, schema);
  if (mark === undefined) throw wrongUse(`there is no schema ${schema} that a replay made`);
  await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
}

/** What a swap that failed had made ready. A commit that nobody heard of may have filled it: then it stays. */
export async function dropIfEmpty(db: Kysely<unknown>, schema: string): Promise<void> {
  await sql`drop schema ${sql.id(schema)} restrict`.execute(db).catch(() => undefined);
}
