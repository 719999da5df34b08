import { createHash } from 'node:crypto';
import { type JetStreamClient, jetstream } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { ARTIFACT_BUCKET } from '@tocsin/contracts';
import type { NatsHandle } from '@tocsin/service-kit';
import type { ArtifactStore } from './artifact-store.js';
import { bytesOf } from './content.store.js';

const { name: BUCKET } = ARTIFACT_BUCKET;
/** Of the server, for each piece. */
const ANSWER_MS = 5_000;
/** Pieces are 128 KiB: this much is read ahead of who reads, whatever the size of the whole. */
const AHEAD = 4;

/** In the bucket that the provision step made; its age limit is the retention. */
export function createJetStreamStore(nats: Pick<NatsHandle, 'connection' | 'isConnected'>): ArtifactStore {
  let opened: Promise<{ readonly js: JetStreamClient; readonly bucket: ObjectStore }> | undefined;

  async function open(connection: Promise<NatsConnection>) {
    const js = jetstream(await connection, { timeout: ANSWER_MS });
    // Looking at the stream first would cost a question and more permissions.
    return { js, bucket: await new Objm(js).open(BUCKET, false) };
  }

  async function connected() {
    if (!nats.isConnected()) throw new Error('the artifacts cannot be reached: NATS is away');
    opened ??= open(nats.connection());
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  }

  return {
    async put(key, artifact) {
      const { bucket } = await connected();
      const bytes = await bytesOf(artifact);
      await bucket.putBlob({ name: key, metadata: { contentType: artifact.contentType } }, bytes, {
        timeout: ANSWER_MS,
      });
    },
    async get(key) {
      const { js, bucket } = await connected();
      const info = await bucket.info(key);
      if (info === null || info.deleted) return undefined;
      const { size, nuid, digest } = info;
      return {
        size,
        contentType: info.metadata?.contentType ?? 'application/octet-stream',
        stream: () => pieces(js, { size, nuid, digest }),
      };
    },
  };
}

/**
 * By a pull consumer of its own: the client's own reader has the server push everything at once, into memory, for
 * however slow a reader.
 */
async function* pieces(
  js: JetStreamClient,
  { size, nuid, digest }: { readonly size: number; readonly nuid: string; readonly digest: string },
): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  const consumer = await js.consumers.get(`OBJ_${BUCKET}`, { filter_subjects: `$O.${BUCKET}.C.${nuid}` });
  const messages = await consumer.consume({ max_messages: AHEAD });
  const hash = createHash('sha256');
  let read = 0;
  try {
    for await (const { data } of messages) {
      hash.update(data);
      read += data.length;
      yield data;
      if (read >= size) break;
    }
  } finally {
    await messages.close();
    await consumer.delete().catch(() => undefined);
  }
  if (`SHA-256=${hash.digest('base64url')}` !== digest.replace(/=+$/, ''))
    throw new Error('an artifact is damaged');
}
