import type { ConsumerConfig, JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import {
  filters,
  POSITIONS_STREAM,
  PROJECT_STREAM_BYTES,
  projectStream,
  type StreamName,
  type Subscriber,
  subjects,
} from '@tocsin/contracts';
import { ensureConfig, findStream, hasCode, MIB, type StreamOptions } from './ensure-stream.nats.js';

type Named = Partial<StreamConfig> & { name: string };

const NO_MESSAGE_FOUND = 10_037;
const STREAM_NOT_FOUND = 10_059;

/** What the subscribers of a project read, in the order in which it came. */
const copied = (project: string): { name: StreamName; filter_subject: string }[] => [
  { name: 'ALERTS', filter_subject: filters.alertsOf(project) },
  { name: 'STATUS', filter_subject: filters.statusOf(project) },
];

function projectStreamConfig(
  project: string,
  { replicas, maxBytesScale }: Pick<StreamOptions, 'replicas' | 'maxBytesScale'>,
): Named {
  return {
    name: projectStream(project),
    sources: copied(project),
    storage: 'file',
    discard: 'old',
    max_bytes: Math.max(2 * MIB, Math.floor(PROJECT_STREAM_BYTES * maxBytesScale)),
    max_msg_size: MIB,
    allow_direct: true,
    deny_delete: true,
    // Said again once it can be read: whoever waits for it and then reads has not asked too early
    republish: { src: '>', dest: subjects.stored(project, '>') },
    ...(replicas === undefined ? {} : { num_replicas: replicas }),
  };
}

const positionsConfig = ({ replicas }: Pick<StreamOptions, 'replicas'>): Named => ({
  name: POSITIONS_STREAM.name,
  subjects: [filters.allPositions],
  storage: 'file',
  discard: 'new',
  max_bytes: POSITIONS_STREAM.maxBytes,
  max_msg_size: POSITIONS_STREAM.maxMessageBytes,
  max_msgs_per_subject: 1,
  allow_direct: true,
  ...(replicas === undefined ? {} : { num_replicas: replicas }),
});

/** For clients in other languages, which have no position of ours: everything there is, and acknowledged one by one. */
const subscriberConsumer = ({ name }: Subscriber): Partial<ConsumerConfig> => ({
  durable_name: name,
  ack_policy: 'explicit',
  ack_wait: nanos(30_000),
  max_deliver: -1,
  max_ack_pending: 1_000,
  max_waiting: 16,
});

/** Where in the log the copy is, by the last message that it has of one source; 0 when it has none. */
async function copiedUpTo(jsm: JetStreamManager, stream: string, filter: string): Promise<number> {
  try {
    const last = await jsm.streams.getMessage(stream, { last_by_subj: filter });
    return Number(last?.header.get('Nats-Stream-Source').split(' ')[1] ?? 0);
  } catch (error) {
    if (hasCode(error, NO_MESSAGE_FOUND, STREAM_NOT_FOUND)) return 0;
    throw error;
  }
}

/**
 * A log that lost its end, or was made anew, gives numbers again that the copy has had: the server then copies nothing
 * until the log has caught up with itself. Such a copy is made anew, and its subscribers are told by their clients.
 */
async function refuseCopyAhead(jsm: JetStreamManager, project: string, log: (line: string) => void) {
  const stream = projectStream(project);
  for (const { name, filter_subject } of copied(project)) {
    const copy = await copiedUpTo(jsm, stream, filter_subject);
    const { last_seq } = (await jsm.streams.info(name)).state;
    if (copy <= last_seq) continue;
    log(
      `${name} ends at ${last_seq} and ${stream} has ${copy} of it: the log went backwards, copying it anew`,
    );
    await jsm.streams.delete(stream);
    return;
  }
}

/** Those who are no longer subscribers lose their place; the copies stay, as somebody may come back to them. */
async function dropOthers(jsm: JetStreamManager, subscribers: readonly Subscriber[]) {
  if ((await findStream(jsm, POSITIONS_STREAM.name)) !== undefined) {
    const { state } = await jsm.streams.info(POSITIONS_STREAM.name, { subjects_filter: '>' });
    const known = subscribers.map(({ name }) => subjects.position(name));
    for (const filter of Object.keys(state.subjects ?? {}))
      if (!known.includes(filter)) await jsm.streams.purge(POSITIONS_STREAM.name, { filter });
  }
  for await (const { config } of jsm.streams.list()) {
    if (!config.name.startsWith(projectStream(''))) continue;
    const known = subscribers.filter(({ project }) => projectStream(project) === config.name);
    for await (const { name } of jsm.consumers.list(config.name))
      if (!known.some((one) => one.name === name)) await jsm.consumers.delete(config.name, name);
  }
}

/** Reading in batches, as `@tocsin/client` does, is from this version on. */
function refuseOld(version: string) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 11))
    throw new Error(
      `subscribers need NATS 2.11 or later and this is ${version}: upgrade it, or unset TOCSIN_SUBSCRIBERS`,
    );
}

/** The copy that each project's subscribers read, and the place each of them has in it. */
export async function provisionSubscribers(
  nc: NatsConnection,
  jsm: JetStreamManager,
  subscribers: readonly Subscriber[],
  options: StreamOptions,
  log: (line: string) => void,
): Promise<void> {
  if (subscribers.length > 0) {
    refuseOld(nc.info?.version ?? '');
    await ensureConfig(jsm, positionsConfig(options));
  }
  for (const project of new Set(subscribers.map((subscriber) => subscriber.project))) {
    await refuseCopyAhead(jsm, project, log);
    await ensureConfig(jsm, projectStreamConfig(project, options));
  }
  for (const subscriber of subscribers)
    await jsm.consumers.add(projectStream(subscriber.project), subscriberConsumer(subscriber));
  // A start that names nobody has forgotten to, more likely than not: nobody loses their place by it
  if (subscribers.length > 0) await dropOthers(jsm, subscribers);
}
