import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { NATS_PERMISSIONS } from '@tocsin/contracts';
import { connectNats, type NatsHandle, parseConfig } from '@tocsin/service-kit';
import { createStreams, freshNats, type S3Fake, startFaultProxy, startS3Fake } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ArtifactStore } from './artifact-store.js';
import { createArtifactStore } from './create-store.js';
import { type ArtifactSettings, artifactSettings, completeArtifactSettings } from './settings.js';

const schema = z.object(artifactSettings).superRefine(completeArtifactSettings);
const settings = (env: Record<string, string> = {}): ArtifactSettings => parseConfig(schema, env);
const password = 'x'.repeat(16);
const key = (name: string) => `default/0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8/${name}`;
const text = (content: string) => ({ content: { bytes: Buffer.from(content) }, contentType: 'text/plain' });

async function read(store: ArtifactStore, name: string) {
  const found = await store.get(key(name));
  if (found === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.stream()) chunks.push(chunk);
  return { size: found.size, contentType: found.contentType, body: Buffer.concat(chunks) };
}

let dir: string;
let nats: Awaited<ReturnType<typeof freshNats>>;
const handles: NatsHandle[] = [];

function connectAs(name: 'executor' | 'api', url = nats.urlFor({ name, password })): NatsHandle {
  const handle = connectNats({ url, name });
  handles.push(handle);
  return handle;
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'artifacts-'));
  nats = await freshNats(
    (['executor', 'api'] as const).map((name) => ({ name, password, ...NATS_PERMISSIONS[name] })),
  );
  await createStreams(nats.url);
});
afterAll(async () => {
  await Promise.all(handles.map((handle) => handle.close()));
  await nats.remove();
  await rm(dir, { recursive: true });
});

interface Given {
  /** the executor's */
  readonly writer: ArtifactStore;
  /** the api's */
  readonly reader: ArtifactStore;
}

function behavesLikeAStore(given: () => Given): void {
  it('gives back what was put, of the type it was put as', async () => {
    const { writer, reader } = given();
    await writer.put(key('one/console.txt'), text('grüße'));
    expect(await read(reader, 'one/console.txt')).toEqual({
      size: 7,
      contentType: 'text/plain',
      body: Buffer.from('grüße'),
    });
  });
  it('keeps the larger ones whole, from a file', async () => {
    const { writer, reader } = given();
    const bytes = randomBytes(20 * 1024 ** 2);
    const file = path.join(dir, 'trace.zip');
    await writeFile(file, bytes);
    await writer.put(key('trace.zip'), { content: { path: file }, contentType: 'application/zip' });
    const found = await read(reader, 'trace.zip');
    expect(found?.size).toBe(bytes.length);
    expect(
      createHash('sha256')
        .update(found?.body ?? '')
        .digest('hex'),
    ).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
  it('keeps one that is empty', async () => {
    const { writer, reader } = given();
    await writer.put(key('empty.txt'), text(''));
    expect(await read(reader, 'empty.txt')).toMatchObject({ size: 0, body: Buffer.alloc(0) });
  });
  it('replaces what has the key', async () => {
    const { writer, reader } = given();
    await writer.put(key('twice.txt'), text('first'));
    await writer.put(key('twice.txt'), text('second'));
    expect((await read(reader, 'twice.txt'))?.body.toString()).toBe('second');
  });
  it('has nothing under other keys', async () => {
    expect(await read(given().reader, 'missing.txt')).toBeUndefined();
  });
  it('stops sending to who stops reading', async () => {
    const { writer, reader } = given();
    await writer.put(key('left.bin'), { ...text(''), content: { bytes: Buffer.alloc(2 * 1024 ** 2, 'x') } });
    const found = await reader.get(key('left.bin'));
    for await (const chunk of found?.stream() ?? []) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await read(reader, 'left.bin'))?.size).toBe(2 * 1024 ** 2);
  });
  it('does not follow a link that a test left in place of a file', async () => {
    const link = path.join(dir, `link-${Math.random()}`);
    await symlink('/etc/passwd', link);
    const put = given().writer.put(key('link'), { content: { path: link }, contentType: 'text/plain' });
    await expect(put).rejects.toThrow('ELOOP');
  });
}

describe('artifacts in JetStream', () => {
  let given: Given;
  beforeAll(async () => {
    const executor = connectAs('executor');
    const api = connectAs('api');
    await Promise.all([executor.connection(), api.connection()]);
    given = {
      writer: createArtifactStore(settings(), { nats: executor }),
      reader: createArtifactStore(settings(), { nats: api }),
    };
  });
  behavesLikeAStore(() => given);

  it('may not be put by who shows them', async () => {
    await expect(given.reader.put(key('forged.txt'), text('x'))).rejects.toThrow(/permission/i);
    expect(await read(given.reader, 'forged.txt')).toBeUndefined();
  });
  it('leaves no consumer behind', async () => {
    await given.writer.put(key('seen.txt'), text('x'));
    await read(given.reader, 'seen.txt');
    const jsm = await jetstreamManager(await connectAs('executor', nats.url).connection());
    expect((await jsm.streams.info('OBJ_ARTIFACTS')).state.consumer_count).toBe(0);
  });
  it('says so while NATS is away, and works when it is back', async () => {
    const proxy = await startFaultProxy({ host: '127.0.0.1', port: nats.port });
    const handle = connectAs('executor', `nats://executor:${password}@127.0.0.1:${proxy.port}`);
    const store = createArtifactStore(settings(), { nats: handle });
    await expect(store.put(key('early.txt'), text('x'))).rejects.toThrow('NATS is away');
    await handle.connection();
    proxy.down();
    await expect(store.put(key('away.txt'), text('x'))).rejects.toThrow(/away|timeout/);
    proxy.up();
    await expect
      .poll(() => store.put(key('back.txt'), text('x')).then(() => 'put', String), { timeout: 10_000 })
      .toBe('put');
    await handle.close();
    await proxy.close();
  });
});

describe('artifacts in S3-compatible storage', () => {
  const identity = { accessKey: 'AKIAEXAMPLE', secretKey: 's3cr3t/with+signs', region: 'eu-central-1' };
  let fake: S3Fake;
  const env = (more: Record<string, string> = {}) => ({
    TOCSIN_S3_ENDPOINT: fake.url,
    TOCSIN_S3_BUCKET: 'artifacts',
    TOCSIN_S3_REGION: identity.region,
    TOCSIN_S3_ACCESS_KEY: identity.accessKey,
    TOCSIN_S3_SECRET_KEY: identity.secretKey,
    ...more,
  });
  const nobody = { connection: () => Promise.reject(new Error('not asked')), isConnected: () => false };
  const store = (more?: Record<string, string>) => createArtifactStore(settings(env(more)), { nats: nobody });
  beforeAll(async () => {
    fake = await startS3Fake(identity);
  });
  afterAll(() => fake.stop());
  behavesLikeAStore(() => ({ writer: store(), reader: store() }));

  it('have their path in the bucket', async () => {
    await store().put(key('placed.txt'), text('x'));
    expect(fake.objects.get(`artifacts/${key('placed.txt')}`)?.contentType).toBe('text/plain');
  });
  it('are tried again where the storage is busy for a moment', async () => {
    fake.failNext(2);
    await store().put(key('again.txt'), text('x'));
    expect((await read(store(), 'again.txt'))?.size).toBe(1);
  });
  it.each([
    ['the secret', { TOCSIN_S3_SECRET_KEY: 'another' }],
    ['the region', { TOCSIN_S3_REGION: 'us-east-1' }],
  ])(
    'are refused when %s is not the one of the storage, and the refusal names no secret',
    async (_, more) => {
      const error = await store(more)
        .put(key('refused.txt'), text('x'))
        .catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/answers 403; look at TOCSIN_S3/);
      expect(String(error)).not.toContain(identity.secretKey);
      await expect(store(more).get(key('placed.txt'))).rejects.toThrow('403');
    },
  );
  it('need all of their settings', () => {
    const { TOCSIN_S3_BUCKET: _, ...rest } = env();
    expect(() => settings(rest)).toThrow(/TOCSIN_S3_BUCKET: is needed too/);
    expect(() => settings(env({ TOCSIN_S3_ENDPOINT: 'https://x/path' }))).toThrow(/TOCSIN_S3_ENDPOINT/);
    expect(JSON.stringify(settings(env()))).not.toContain(identity.secretKey);
  });
});
