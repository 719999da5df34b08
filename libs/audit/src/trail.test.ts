import { createPrivateKey, createPublicKey } from 'node:crypto';
import { connectDatabase } from '@tocsin/database';
import { newId } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { generateCheckpointKeys, readCheckpoint, signCheckpoint } from './checkpoint.js';
import { compareCheckpoint } from './compare-checkpoint.js';
import type { Difference } from './difference.js';
import { appendToTrail, createTrail, trailEnd, verifyTrail } from './trail.store.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Kysely<unknown>;
beforeAll(async () => {
  database = await freshDatabase(inject('pgUrl'));
  db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test' });
  for (const statement of [
    'create schema auth',
    'create schema config',
    'create table auth.change (id uuid primary key, action text not null)',
    'create table config.event_origin (event_id uuid primary key, network text not null)',
  ])
    await sql.raw(statement).execute(db);
  await db.transaction().execute(createTrail);
  for (const action of ['created', 'changed', 'deleted']) await record(action);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

async function record(action: string): Promise<void> {
  const row = { id: newId(), action };
  await db.transaction().execute(async (tx) => {
    await sql`insert into auth.change (id, action) values (${row.id}, ${action})`.execute(tx);
    await appendToTrail(tx, [{ table: 'auth.change', id: row.id, row }]);
  });
}

test('an end of the audit trail that was cut off without a trace shows against a signed checkpoint', async () => {
  const keys = generateCheckpointKeys();
  const made = { madeAt: '2026-01-02T00:00:00.000Z', chains: [], streams: [], trail: await trailEnd(db) };
  const checkpoint = readCheckpoint(
    signCheckpoint(made, createPrivateKey(keys.privateKey)),
    createPublicKey(keys.publicKey),
  );
  expect(checkpoint).toEqual(made);
  const against = async () => {
    const differences: Difference[] = [];
    await compareCheckpoint(db, checkpoint, (difference) => void differences.push(difference));
    return differences;
  };
  expect(await against()).toEqual([]);
  await record('changed');
  expect(await against()).toEqual([]);

  for (const statement of [
    'delete from auth.change where id in (select row_id from auth.trail where position >= 3)',
    'delete from auth.trail where position >= 3',
    'update auth.trail_head set (position, hash) = (select position, hash from auth.trail where position = 2)',
  ])
    await sql.raw(statement).execute(db);
  expect(await verifyTrail(db)).toBeUndefined();
  expect(await against()).toMatchObject([{ stream: 'AUDIT', kind: 'truncated', position: 3 }]);
  await record('changed');
  expect(await verifyTrail(db)).toBeUndefined();
  expect(await against()).toMatchObject([{ stream: 'AUDIT', kind: 'altered', position: 3 }]);
});
