import { isDeepStrictEqual } from 'node:util';
import { parseInput, type TestInput, testInput } from '@tocsin/http-api';
import { DomainError, type Instant, type JsonObject, newId } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import { requireRevision } from '../changes/revision.js';
import type { TestRow } from '../database.js';
import type { Call } from '../http/call.js';
import { isObject } from '../secrets/masked.js';
import { columnsOf, shownOf } from './test.js';
import { lockTest, saveTest } from './test.store.js';

export async function createTest(tx: Tx, { caller, body }: Call<TestInput>, now: Instant): Promise<TestRow> {
  const row: TestRow = {
    id: newId(),
    project: caller.project,
    ...columnsOf(body),
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveTest(tx, caller, row);
  return row;
}

/** @param next the test as it shall be, made of how it was shown */
export async function reviseTest(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  now: Instant,
): Promise<TestRow> {
  const before = await lockTest(tx, call.caller.project, call.id);
  requireRevision(call, before.revision);
  const columns = columnsOf(parseWhole(before, next(shownOf(before))), before);
  const isSame = Object.entries(columns).every(([name, value]) =>
    isDeepStrictEqual(before[name as keyof TestRow], value),
  );
  if (isSame) return before;
  const row = { ...before, ...columns, revision: before.revision + 1, updated_at: now };
  await saveTest(tx, call.caller, row);
  return row;
}

function parseWhole(before: TestRow, whole: unknown): TestInput {
  if (isObject(whole) && whole.kind !== undefined && whole.kind !== before.kind) {
    const message = `cannot be changed from ${before.kind}: create another test`;
    throw new DomainError('validation_failed', `kind: ${message}`, [{ field: 'kind', message }]);
  }
  return parseInput(testInput, whole);
}
