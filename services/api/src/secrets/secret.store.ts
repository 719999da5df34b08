import type { Instant, JsonObject } from '@tocsin/kernel';
import { openSecret, rewrapSecret, type SealedSecret, sealSecret } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { ApiDatabase, SecretRow } from '../database.js';
import type { SecretKeys } from '../wiring.js';

type Kind = SecretRow['record_kind'];
type Db = Kysely<ApiDatabase>;

interface SecretRef {
  readonly kind: Kind;
  readonly id: string;
  readonly version: number;
}

const aadOf = ({ kind, id, version }: SecretRef): string => `${kind}:${id}:${version}`;

export const toColumns = ({ keyId, wrappedKey, ciphertext }: SealedSecret) => ({
  key_id: keyId,
  wrapped_key: wrappedKey,
  ciphertext,
});

export const fromColumns = (row: ReturnType<typeof toColumns>): SealedSecret => ({
  keyId: row.key_id,
  wrappedKey: row.wrapped_key,
  ciphertext: row.ciphertext,
});

/** The secret settings of a record at a version; undefined when that version is no longer kept. */
export async function findSecret(
  db: Db,
  { kind, id, version }: SecretRef,
  keys: SecretKeys,
): Promise<JsonObject | undefined> {
  const row = await db
    .selectFrom('config.secret')
    .selectAll()
    .where('record_id', '=', id)
    .where('record_kind', '=', kind)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return JSON.parse(openSecret(keys.all, aadOf({ kind, id, version }), fromColumns(row))) as JsonObject;
}

/** Of many records at once, by id; what is no longer kept is left out. */
export async function findSecrets(
  db: Db,
  kind: Kind,
  refs: readonly Pick<SecretRef, 'id' | 'version'>[],
  keys: SecretKeys,
): Promise<ReadonlyMap<string, JsonObject>> {
  if (refs.length === 0) return new Map();
  const wanted = new Map(refs.map(({ id, version }) => [id, version]));
  const rows = await db
    .selectFrom('config.secret')
    .selectAll()
    .where('record_id', 'in', [...wanted.keys()])
    .where('record_kind', '=', kind)
    .execute();
  return new Map(
    rows
      .filter(({ record_id: id, version }) => wanted.get(id) === version)
      .map((row) => {
        const text = openSecret(
          keys.all,
          aadOf({ kind, id: row.record_id, version: row.version }),
          fromColumns(row),
        );
        return [row.record_id, JSON.parse(text) as JsonObject];
      }),
  );
}

/** The version before stays for checks and notifications that are under way; older ones go. */
export async function storeSecret(
  tx: Db,
  ref: SecretRef & { readonly secret: JsonObject; readonly before: number | null },
  keys: SecretKeys,
  now: Instant,
): Promise<void> {
  const { kind, id, version, secret, before } = ref;
  const sealed = sealSecret(keys.present, aadOf(ref), JSON.stringify(secret));
  await tx
    .insertInto('config.secret')
    .values({ record_id: id, record_kind: kind, version, ...toColumns(sealed), created_at: now })
    .execute();
  await tx
    .deleteFrom('config.secret')
    .where('record_id', '=', id)
    .where('version', 'not in', before === null ? [version] : [version, before])
    .execute();
}

export async function removeSecrets(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('config.secret').where('record_id', '=', id).execute();
}

/** After a rotation of the master key: wraps what is left under former keys anew. @returns how many */
export async function rewrapSecrets(db: Db, keys: SecretKeys, presentId: string): Promise<number> {
  const rows = await db.selectFrom('config.secret').selectAll().where('key_id', '<>', presentId).execute();
  for (const row of rows) {
    const { record_kind: kind, record_id: id, version } = row;
    const sealed = rewrapSecret(keys.present, keys.all, aadOf({ kind, id, version }), fromColumns(row));
    await db
      .updateTable('config.secret')
      .set(toColumns(sealed))
      .where('record_id', '=', id)
      .where('version', '=', version)
      .execute();
  }
  return rows.length;
}
