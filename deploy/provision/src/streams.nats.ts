import {
  type ConsumerConfig,
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import {
  ARTIFACT_BUCKET,
  executorConsumer,
  filters,
  OUTPUT_STREAM,
  runnerConsumer,
  STREAMS,
  type StreamDefinition,
  type Subscriber,
} from '@tocsin/contracts';
import { connectOnce } from './connect.nats.js';
import {
  ensureConfig,
  findStream,
  hasCode,
  isAsWanted,
  MIB,
  type StreamOptions,
} from './ensure-stream.nats.js';
import { provisionSubscribers } from './subscribers.nats.js';

/** Codes of the server's answers. */
const streamNameInUse = 10_058;
const noStorage = [10_023, 10_028, 10_047, 10_122];

function streamConfig(
  stream: StreamDefinition,
  { replicas, maxBytesScale }: Pick<StreamOptions, 'replicas' | 'maxBytesScale'>,
): Partial<StreamConfig> & { name: string } {
  return {
    name: stream.name,
    subjects: [...stream.subjects],
    retention: stream.retention,
    storage: 'file',
    discard: stream.discard,
    discard_new_per_subject: false,
    max_bytes: Math.max(2 * MIB, Math.floor(stream.maxBytes * maxBytesScale)),
    max_age: nanos(stream.maxAgeMs),
    max_msgs: -1,
    max_msgs_per_subject: stream.maxPerSubject || -1,
    max_msg_size: MIB,
    duplicate_window: nanos(120_000),
    allow_direct: true,
    allow_rollup_hdrs: false,
    deny_delete: stream.immutable,
    deny_purge: stream.immutable,
    ...(replicas === undefined ? {} : { num_replicas: replicas }),
  };
}

/** Reliability D2: what would lose what it acknowledged, and what would lose it through us. */
function refuseUnsafe(
  { config, state }: StreamInfo,
  wanted: Partial<StreamConfig>,
  immutable: boolean,
): void {
  const { name } = config;
  if (config.storage !== 'file')
    throw new Error(
      `stream ${name} is kept in ${config.storage}: a restart empties it. Move it to file storage`,
    );
  if (config.persist_mode === 'async')
    throw new Error(`stream ${name} has persist_mode async: a killed server loses acknowledged events`);
  if (immutable && wanted.max_bytes !== undefined && state.bytes > wanted.max_bytes)
    throw new Error(
      `stream ${name} holds ${state.bytes} bytes and would lose its oldest under max_bytes ${wanted.max_bytes}: ` +
        'set TOCSIN_STREAM_BYTES_SCALE higher',
    );
}

async function ensureStream(
  jsm: JetStreamManager,
  stream: StreamDefinition,
  options: StreamOptions,
): Promise<void> {
  const wanted = streamConfig(stream, options);
  const found = await findStream(jsm, stream.name);
  if (found) {
    refuseUnsafe(found, wanted, stream.immutable);
    if (!isAsWanted(found.config, wanted)) await jsm.streams.update(stream.name, wanted);
    return;
  }
  try {
    await jsm.streams.add(wanted);
  } catch (error) {
    // Somebody without our lock, on another database, was faster
    if (!hasCode(error, streamNameInUse)) throw error;
    await ensureStream(jsm, stream, options);
  }
}

function explained(error: unknown, stream: string, { maxBytesScale }: StreamOptions): unknown {
  if (!hasCode(error, ...noStorage)) return error;
  const bytes = [...STREAMS, ARTIFACT_BUCKET].reduce((sum, { maxBytes }) => sum + maxBytes, 0);
  const gib = (bytes * maxBytesScale) / 1024 ** 3;
  return new Error(
    `NATS has no room for stream ${stream} (${(error as Error).message}): the streams reserve ${gib.toFixed(1)} GiB ` +
      `in all. Give the server a larger max_file_store, or set TOCSIN_STREAM_BYTES_SCALE below ${maxBytesScale}`,
    { cause: error },
  );
}

const executorConfig = (location: string): Partial<ConsumerConfig> => ({
  durable_name: executorConsumer(location),
  ack_policy: 'explicit',
  ack_wait: nanos(30_000),
  max_deliver: -1,
  max_ack_pending: 20_000,
  filter_subject: filters.checksAt(location),
});

/** A run that was taken and whose executor says nothing for this long is given to another, which ends it. */
const RUNNER_ACK_WAIT_MS = 30_000;

const runnerConfig = (location: string): Partial<ConsumerConfig> => ({
  durable_name: runnerConsumer(location),
  ack_policy: 'explicit',
  ack_wait: nanos(RUNNER_ACK_WAIT_MS),
  max_deliver: -1,
  max_ack_pending: 1_000,
  filter_subject: filters.runsAt(location),
});

/** What runs say and leave behind. In memory, the one; kept for its time, the other. */
async function provisionRuns(nc: NatsConnection, jsm: JetStreamManager, options: StreamOptions) {
  const copies = options.replicas === undefined ? {} : { num_replicas: options.replicas };
  const output = {
    name: OUTPUT_STREAM.name,
    subjects: [...OUTPUT_STREAM.subjects],
    storage: 'memory' as const,
    discard: 'old' as const,
    max_bytes: OUTPUT_STREAM.maxBytes,
    max_age: nanos(OUTPUT_STREAM.maxAgeMs),
    max_msgs_per_subject: OUTPUT_STREAM.maxPerSubject,
    max_msg_size: MIB,
    allow_direct: true,
    ...copies,
  };
  await ensureConfig(jsm, output);
  const bucket = `OBJ_${ARTIFACT_BUCKET.name}`;
  const kept = {
    max_age: nanos(options.artifactDays * 86_400_000),
    max_bytes: Math.max(2 * MIB, Math.floor(ARTIFACT_BUCKET.maxBytes * options.maxBytesScale)),
  };
  const store = await findStream(jsm, bucket);
  if (store !== undefined) {
    if (!isAsWanted(store.config, kept)) await jsm.streams.update(bucket, kept);
    return;
  }
  await new Objm(nc).create(ARTIFACT_BUCKET.name, {
    ttl: kept.max_age,
    max_bytes: kept.max_bytes,
    storage: 'file',
    ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
  });
}

/** The streams and the executors' consumers, as `libs/contracts` defines them. */
export async function provisionNats(
  natsUrl: string,
  options: StreamOptions & { subscribers: readonly Subscriber[] | undefined },
  log: (line: string) => void,
): Promise<void> {
  for (const location of options.locations)
    if (!/^[A-Za-z0-9_-]+$/.test(location))
      throw new Error(`location ${JSON.stringify(location)}: letters, digits, "-" and "_" only`);
  const nc = await connectOnce(natsUrl);
  try {
    const jsm = await jetstreamManager(nc);
    for (const stream of STREAMS) {
      try {
        await ensureStream(jsm, stream, options);
      } catch (error) {
        throw explained(error, stream.name, options);
      }
    }
    for (const location of options.locations) {
      await jsm.consumers.add('CHECKS', executorConfig(location));
      await jsm.consumers.add('CHECKS', runnerConfig(location));
    }
    await provisionRuns(nc, jsm, options).catch((error: unknown) => {
      throw explained(error, ARTIFACT_BUCKET.name, options);
    });
    const { subscribers } = options;
    if (subscribers !== undefined)
      await provisionSubscribers(nc, jsm, subscribers, options, log).catch((error: unknown) => {
        throw explained(error, 'of the subscribers', options);
      });
  } finally {
    await nc.close();
  }
}
