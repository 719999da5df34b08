import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHAINED_STREAMS, type ChainedStream } from './chained-table.js';
import { generateCheckpointKeys, readCheckpoint, signCheckpoint } from './checkpoint.js';
import { compareCheckpoint, takeCheckpoint } from './compare-checkpoint.js';
import { compareFile } from './compare-file.js';
import type { Difference } from './difference.js';
import { exportLog } from './export-log.js';
import {
  chainedAnew,
  contentOf,
  FAULTS,
  type Fault,
  refill,
  renumbered,
  rewrite,
  rowsOf,
  spoilt,
  spoiltMessage,
  spoiltRow,
  strangeMessage,
  strangeRow,
  withFault,
} from './faults.fixture.js';
import { tellStory } from './story.fixture.js';
import { verifyFile } from './verify-file.js';
import { verifyLive } from './verify-live.js';
import { startWorld, type World } from './world.fixture.js';

const POSITIONS = 20;

let world: World;
beforeAll(async () => {
  world = await startWorld(inject('pgUrl'));
  await tellStory(world);
});
afterAll(async () => {
  await world.stop();
});

/** Each fault at random places of random streams, and everything put back after it. @returns what was not found */
async function missed(
  spoil: (stream: ChainedStream, at: number) => Promise<{ restore: () => Promise<void> }>,
  look: () => Promise<readonly Difference[]>,
): Promise<string | null> {
  const found = fc.asyncProperty(fc.constantFrom(...CHAINED_STREAMS), fc.nat(), async (stream, at) => {
    const { restore } = await spoil(stream, at);
    try {
      const [first] = await look();
      return first?.stream === stream && first.sentence !== '';
    } finally {
      await restore();
    }
  });
  const { failed, counterexample, seed } = await fc.check(found, { numRuns: POSITIONS, endOnFailure: true });
  return failed ? `${JSON.stringify(counterexample)}, seed ${seed}` : null;
}

const live = async () => (await verifyLive(world)).differences;

describe.each(FAULTS)('one event %s', (fault: Fault) => {
  test('in the stream is found every time', async () => {
    const unnoticed = await missed(async (stream, at) => {
      const content = await contentOf(world.nats, stream);
      await refill(world.nats, stream, withFault(content, fault, at, spoiltMessage, strangeMessage));
      return { restore: () => refill(world.nats, stream, content) };
    }, live);
    expect(unnoticed).toBeNull();
  });

  test('in the table is found every time', async () => {
    const unnoticed = await missed(async (stream, at) => {
      const rows = await rowsOf(world.db, stream);
      await rewrite(world.db, stream, renumbered(withFault(rows, fault, at, spoiltRow, strangeRow)), false);
      return { restore: () => rewrite(world.db, stream, rows, true) };
    }, live);
    expect(unnoticed).toBeNull();
  });

  test('in the table is found every time, by somebody who made the chain anew as well', async () => {
    const unnoticed = await missed(async (stream, at) => {
      const rows = await rowsOf(world.db, stream);
      // At the end nobody can tell it from what is not published yet, but by the rules
      const last = fault === 'inserted' ? rows.length - 1 : rows.length;
      await rewrite(
        world.db,
        stream,
        chainedAnew(withFault(rows, fault, at % last, spoiltRow, strangeRow)),
        true,
      );
      return { restore: () => rewrite(world.db, stream, rows, true) };
    }, live);
    expect(unnoticed).toBeNull();
  });

  test('in an export is found every time, without any server', async () => {
    const lines = await exported();
    const [header = '', ...events] = lines;
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const strange = (line: string) => line.replace(/"id":"\w/, '"id":"0');
        const spoiltLines = [header, ...withFault(events, fault, at, spoilt, strange)];
        expect(await differencesIn(spoiltLines)).not.toEqual([]);
      }),
      { numRuns: POSITIONS },
    );
  });
});

async function exported(): Promise<string[]> {
  const lines: string[] = [];
  await exportLog({
    db: world.db,
    streams: CHAINED_STREAMS,
    nowMs: 0,
    write: (line) => void lines.push(line),
  });
  return lines;
}

async function* each(lines: readonly string[]) {
  yield* lines;
}

async function differencesIn(lines: readonly string[]): Promise<Difference[]> {
  const differences: Difference[] = [];
  await verifyFile(each(lines), (difference) => void differences.push(difference));
  return differences;
}

test('an export of an honest log has no difference, and is what the tables say', async () => {
  const lines = await exported();
  const differences: Difference[] = [];
  const tell = (difference: Difference) => void differences.push(difference);
  const file = await verifyFile(each(lines), tell);
  await compareFile(world.db, file, tell);
  expect(differences).toEqual([]);
  expect(file.events).toBe(lines.length - 1);
  expect(file.judgement.notJudged).toBe(0);
  expect(file.judgement.byEvidence).toBeGreaterThan(5);
});

test('an export that somebody changed and chained anew differs from the tables', async () => {
  const rows = await rowsOf(world.db, 'CONFIG');
  const lines = await exported();
  const third = rows[2];
  if (third === undefined) throw new Error('CONFIG has too few rows');
  await rewrite(world.db, 'CONFIG', chainedAnew(rows.with(2, spoiltRow(third))), true);
  const differences: Difference[] = [];
  const file = await verifyFile(each(lines), () => undefined);
  await compareFile(world.db, file, (difference) => void differences.push(difference));
  await rewrite(world.db, 'CONFIG', rows, true);
  expect(differences).toMatchObject([{ stream: 'CONFIG', chain: 'config', position: 3, kind: 'altered' }]);
});

test('what was cut off alike in every place shows against a signed checkpoint, and nowhere else', async () => {
  const keys = generateCheckpointKeys();
  const file = signCheckpoint(
    await takeCheckpoint(world, '2026-01-02T00:00:00.000Z'),
    createPrivateKey(keys.privateKey),
  );
  const checkpoint = readCheckpoint(file, createPublicKey(keys.publicKey));
  const against = async () => {
    const differences: Difference[] = [];
    await compareCheckpoint(world.db, checkpoint, (difference) => void differences.push(difference));
    return differences;
  };
  expect(await against()).toEqual([]);
  const rows = await rowsOf(world.db, 'DELIVERIES');
  const content = await contentOf(world.nats, 'DELIVERIES');
  await rewrite(world.db, 'DELIVERIES', rows.slice(0, -1), true);
  await refill(world.nats, 'DELIVERIES', content.slice(0, -1));
  expect(await live()).toEqual([]);
  expect(await against()).toMatchObject([{ place: 'checkpoint', kind: 'truncated', stream: 'DELIVERIES' }]);
  await rewrite(world.db, 'DELIVERIES', rows, true);
  await refill(world.nats, 'DELIVERIES', content);
});
