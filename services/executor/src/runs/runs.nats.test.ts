import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { createArtifactStore } from '@tocsin/artifacts';
import { NATS_PERMISSIONS, subjects } from '@tocsin/contracts';
import { newId } from '@tocsin/kernel';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshNats } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactFile } from '../tests/test-runner.js';
import { createRunArtifacts } from './run-artifacts.store.js';
import { createRunClaims } from './run-claim.store.js';
import { createRunOutput } from './run-output.stream.js';

/** With the identity and the permissions of production. */

const password = 'x'.repeat(16);
const logger = createLogger({ name: 'test', level: 'silent' });
let nats: Awaited<ReturnType<typeof freshNats>>;
let executor: NatsHandle;
let admin: NatsHandle;

beforeAll(async () => {
  nats = await freshNats([{ name: 'executor', password, ...NATS_PERMISSIONS.executor }]);
  await createStreams(nats.url);
  executor = connectNats({ url: nats.urlFor({ name: 'executor', password }), name: 'executor' });
  admin = connectNats({ url: nats.url, name: 'admin' });
  await executor.connection();
});
afterAll(async () => {
  await Promise.all([executor.close(), admin.close()]);
  await nats.remove();
});

const runOf = () => ({ project: 'default', runId: newId() });

describe('what a run says', () => {
  interface Chunk {
    readonly testId: string | null;
    readonly source: string;
    readonly text: string;
  }
  async function said({ project, runId }: ReturnType<typeof runOf>): Promise<Chunk[]> {
    await (await executor.connection()).flush();
    const consumer = await jetstream(await admin.connection()).consumers.get('OUTPUT', {
      filter_subjects: subjects.output(project, runId),
    });
    const chunks: Chunk[] = [];
    for await (const message of await consumer.fetch({ max_messages: 5_000, expires: 1_000 })) {
      chunks.push(message.json());
      if (message.info.pending === 0) break;
    }
    return chunks;
  }
  const outputOf = (run: ReturnType<typeof runOf>) => createRunOutput(run, { nats: executor, now: () => 0 });

  it('is sent together while it is one voice, in its order', async () => {
    const run = runOf();
    const output = outputOf(run);
    output.note(null, 'begins');
    output.write('t', 'stdout', 'a');
    output.write('t', 'stdout', 'b\n');
    output.write('t', 'stderr', 'c');
    output.write('u', 'stderr', 'd');
    output.end();
    expect(await said(run)).toEqual(
      [
        { testId: null, source: 'tocsin', text: 'begins\n' },
        { testId: 't', source: 'stdout', text: 'ab\n' },
        { testId: 't', source: 'stderr', text: 'c' },
        { testId: 'u', source: 'stderr', text: 'd' },
      ].map((chunk) => ({ at: '1970-01-01T00:00:00.000Z', ...chunk })),
    );
  });
  it('is sent soon, though no more comes', async () => {
    const run = runOf();
    outputOf(run).write('t', 'stdout', 'alone');
    await expect.poll(() => said(run), { timeout: 3_000 }).toHaveLength(1);
  });
  it('is sent in pieces that any reader can take, and no more than there is room for', async () => {
    const run = runOf();
    const output = outputOf(run);
    for (let at = 0; at < 20; at += 1) output.write('t', 'stdout', 'x'.repeat(200_000));
    output.end();
    const chunks = await said(run);
    expect(Math.max(...chunks.map(({ text }) => text.length))).toBeLessThanOrEqual(16 * 1024);
    const shown = chunks.filter(({ source }) => source === 'stdout').map(({ text }) => text.length);
    expect(shown.reduce((sum, length) => sum + length, 0)).toBe(2_000_000);
    expect(chunks.filter(({ source }) => source === 'tocsin')).toMatchObject([
      { text: expect.stringContaining('more than is shown here') },
    ]);
  });
  it('is lost without harm while NATS is away', () => {
    const output = createRunOutput(runOf(), { nats: { current: () => undefined }, now: () => 0 });
    output.write('t', 'stdout', 'x');
    expect(() => output.end()).not.toThrow();
  });
});

describe('what a run leaves behind', () => {
  const file = (name: string, size: number): ArtifactFile => ({
    name,
    kind: 'other',
    contentType: 'application/octet-stream',
    content: { bytes: Buffer.alloc(size) },
    size,
  });
  function artifactsOf(handle: NatsHandle) {
    const notes: string[] = [];
    const counted = { bytes: 0, failures: 0 };
    const artifacts = createRunArtifacts(runOf(), {
      artifacts: createArtifactStore({ TOCSIN_S3_REGION: 'x' }, { nats: handle }),
      logger,
      note: (_, text) => notes.push(text),
      onStored: (bytes) => {
        counted.bytes += bytes;
      },
      onFailed: () => {
        counted.failures += 1;
      },
    });
    return { artifacts, notes, counted };
  }
  const MIB = 1024 ** 2;

  it('is kept up to the bounds of a file and of a run, and what is not is told', async () => {
    const { artifacts, notes, counted } = artifactsOf(executor);
    await artifacts.store('t', 't', [
      file('huge.bin', 20 * MIB + 1),
      file('one.bin', 20 * MIB),
      file('two.bin', 20 * MIB),
      file('three.bin', 19 * MIB),
      file('four.bin', 2 * MIB),
      file('small.bin', 1),
    ]);
    expect(artifacts.list().map(({ name }) => name)).toEqual([
      't/one.bin',
      't/two.bin',
      't/three.bin',
      't/small.bin',
    ]);
    expect(notes).toEqual([
      'huge.bin is not kept: it is larger than 20 MiB',
      'four.bin is not kept: the run has 60 MiB of artifacts already',
    ]);
    expect(counted).toEqual({ bytes: 59 * MIB + 1, failures: 0 });
  });
  it('is no more than a hundred files', async () => {
    const { artifacts, notes } = artifactsOf(executor);
    const files = Array.from({ length: 103 }, (_, index) => file(`${index}.bin`, 1));
    await artifacts.store('t', 't', files);
    expect(artifacts.list()).toHaveLength(100);
    expect(notes).toHaveLength(3);
  });
  it.each(['../../etc/passwd', '.hidden', 'a/b/c/d', 'with space', ''])(
    'is left out when its name is %j',
    async (name) => {
      const { artifacts, notes } = artifactsOf(executor);
      await artifacts.store('t', 't', [file(name, 1)]);
      expect(artifacts.list()).toEqual([]);
      expect(notes).toEqual([`${name} is not kept: its name is none that an artifact may have`]);
    },
  );
  it('does not keep the run when the storage is away', async () => {
    const away = connectNats({ url: 'nats://127.0.0.1:1', name: 'executor' });
    const { artifacts, notes, counted } = artifactsOf(away);
    const startedAt = performance.now();
    await artifacts.store('t', 't', [file('a', 1), file('b', 1)]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(artifacts.list()).toEqual([]);
    expect(notes).toEqual(['a and what follows it are not kept: the storage does not take them']);
    expect(counted.failures).toBe(1);
    await away.close();
  });
});

describe('that a run was begun', () => {
  it('is said once, however many say it at once', async () => {
    const { runId } = runOf();
    const claims = createRunClaims(executor);
    const found = await Promise.all(Array.from({ length: 20 }, () => claims.claim(runId)));
    expect(found.filter((claim) => claim === 'first')).toHaveLength(1);
    expect(found.filter((claim) => claim === 'taken')).toHaveLength(19);
    expect(await claims.claim(newId())).toBe('first');
  });
  it('cannot be told where there is no place for it', async () => {
    const jsm = await jetstreamManager(await admin.connection());
    await jsm.streams.delete('OBJ_ARTIFACTS');
    expect(await createRunClaims(executor).claim(newId())).toBe('unknown');
  });
});
