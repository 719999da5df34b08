import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  inboxPrefix,
  NATS_PERMISSIONS,
  requests,
  SERVICE_NAMES,
  type ServiceName,
  STREAM_NAMES,
  type StreamName,
  subjects,
} from '@tocsin/contracts';
import { freshDatabase, freshNats } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { natsOptions } from './connect.nats.js';
import { provision } from './provision.js';

/** Every identity against every stream, on a real server: X2, SEC19. */

const id = '00000000-0000-4000-8000-000000000000';
const samples: Record<StreamName, string> = {
  CONFIG: subjects.config('p', 'monitor', id),
  CHECKS: subjects.checkDue('local', 'http', id),
  RESULTS: subjects.result('p', 'monitor', id),
  STATUS: subjects.status('p', 'monitor', id),
  ALERTS: subjects.alert('p', 'monitor', id, 'raised'),
  DELIVERIES: subjects.delivery('p', 'slack', id, 'delivered'),
};
const writers: Record<StreamName, ServiceName[]> = {
  CONFIG: ['api'],
  CHECKS: ['api', 'scheduler'],
  RESULTS: ['api', 'scheduler', 'executor'],
  STATUS: ['result-projector'],
  ALERTS: ['alert-evaluator'],
  DELIVERIES: ['notifier'],
};
const readers: Record<StreamName, ServiceName[]> = {
  CONFIG: ['api', 'scheduler', 'result-projector', 'alert-evaluator', 'notifier'],
  CHECKS: [],
  RESULTS: ['scheduler', 'result-projector', 'alert-evaluator'],
  STATUS: ['api', 'alert-evaluator', 'notifier'],
  ALERTS: ['api', 'notifier'],
  DELIVERIES: ['api'],
};
const matrix = SERVICE_NAMES.flatMap((service) => STREAM_NAMES.map((stream) => [service, stream] as const));
const refused = /permissions violation|authorization/i;

let nats: Awaited<ReturnType<typeof freshNats>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let admin: NatsConnection;
const connections: NatsConnection[] = [];

async function open(service: ServiceName): Promise<NatsConnection> {
  const nc = await connect({
    ...natsOptions(nats.urlFor({ name: service, password: service })),
    inboxPrefix: inboxPrefix(service),
    reconnect: false,
  });
  connections.push(nc);
  return nc;
}

async function verdict(attempt: Promise<unknown>): Promise<'permitted' | 'refused'> {
  try {
    await attempt;
    return 'permitted';
  } catch (error) {
    if (refused.test((error as Error).message)) return 'refused';
    throw error;
  }
}
const verdictOn = (may: boolean) => (may ? 'permitted' : 'refused');

/** What the server said against a publication without a reply; undefined if nothing. */
async function violation(nc: NatsConnection, act: () => void): Promise<string | undefined> {
  let said: string | undefined;
  const watch = (async () => {
    for await (const status of nc.status())
      if (status.type === 'error' && refused.test(status.error.message)) said = status.error.message;
  })();
  act();
  await nc.flush();
  await nc.close();
  await watch;
  return said;
}

beforeAll(async () => {
  nats = await freshNats(SERVICE_NAMES.map((name) => ({ name, password: name, ...NATS_PERMISSIONS[name] })));
  database = await freshDatabase(inject('pgUrl'));
  await provision({ natsUrl: nats.url, databaseUrl: database.url, maxBytesScale: 0.01 });
  admin = await connect(natsOptions(nats.url));
  for (const subject of Object.values(samples)) await jetstream(admin).publish(subject, 'first');
});
afterEach(async () => {
  for (const nc of connections.splice(0)) await nc.close();
});
afterAll(async () => {
  await admin.close();
  await nats.remove();
  await database.drop();
});

test.each(matrix)('%s publishes to %s if it is a writer, and only then', async (service, stream) => {
  const js = jetstream(await open(service));
  expect(await verdict(js.publish(samples[stream], 'event'))).toBe(
    verdictOn(writers[stream].includes(service)),
  );
});

test.each(matrix)('%s reads %s in order if it is a reader, and only then', async (service, stream) => {
  const js = jetstream(await open(service));
  const reading = async () => {
    const consumer = await js.consumers.get(stream, {
      deliver_policy: 'all',
      filter_subjects: samples[stream],
    });
    const message = await consumer.next({ expires: 2000 });
    await consumer.delete();
    if (message?.subject !== samples[stream]) throw new Error('nothing was read');
  };
  expect(await verdict(reading())).toBe(verdictOn(readers[stream].includes(service)));
});

test.each(matrix)('%s compares %s with its table if it writes or reads it', async (service, stream) => {
  const jsm = await jetstreamManager(await open(service));
  const may = service !== 'executor' && [...writers[stream], ...readers[stream]].includes(service);
  const looks: (() => Promise<unknown>)[] = [
    () => jsm.streams.info(stream),
    () => jsm.streams.getMessage(stream, { last_by_subj: samples[stream] }),
    () => jsm.direct.getMessage(stream, { last_by_subj: samples[stream] }),
    () => jsm.direct.getMessage(stream, { seq: 1 }),
  ];
  for (const look of looks) expect(await verdict(look())).toBe(verdictOn(may));
});

test.each(matrix)('%s cannot change, empty, delete or lock out %s', async (service, stream) => {
  const nc = await open(service);
  const body = JSON.stringify({ name: stream, subjects: [`${stream}.>`], max_msgs: 1, seq: 1 });
  const verbs = [
    'CREATE',
    'UPDATE',
    'DELETE',
    'PURGE',
    'MSG.DELETE',
    'SNAPSHOT',
    'RESTORE',
    'LEADER.STEPDOWN',
  ];
  const forbidden = [
    ...verbs.map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.mine`,
    `$JS.API.CONSUMER.PAUSE.${stream}.executor-local`,
    '$JS.API.STREAM.CREATE.OTHER',
  ];
  for (const subject of forbidden)
    await expect(nc.request(subject, body, { timeout: 2000 })).rejects.toThrow(refused);
});

test.each([...SERVICE_NAMES])(
  '%s cannot hear others, neither their inboxes nor the events',
  async (service) => {
    const others = SERVICE_NAMES.filter((name) => name !== service);
    const foreign = [
      '>',
      '_INBOX.>',
      '$JS.>',
      '$SYS.>',
      ...others.map((name) => `${inboxPrefix(name)}.>`),
      ...Object.values(samples),
    ];
    for (const subject of foreign) {
      const nc = await open(service);
      const ended = new Promise<string>((resolve) => {
        nc.subscribe(subject, { callback: (error) => resolve(error?.message ?? 'heard') });
      });
      await nc.flush();
      expect(await ended).toMatch(refused);
    }
  },
);

test('the executor takes and acknowledges a check; nobody else can do either', async () => {
  await jetstream(admin).publish(samples.CHECKS, 'due');
  const consumer = await jetstream(await open('executor')).consumers.get('CHECKS', 'executor-local');
  const message = await consumer.next({ expires: 2000 });
  const reply = (message as unknown as { msg: { reply: string } }).msg.reply;
  const v2 = reply.replace('$JS.ACK.', '$JS.ACK._.account.');
  for (const service of SERVICE_NAMES.filter((name) => name !== 'executor')) {
    for (const subject of [reply, v2, '$JS.API.CONSUMER.MSG.NEXT.CHECKS.executor-local']) {
      const nc = await open(service);
      expect(await violation(nc, () => nc.publish(subject, '+ACK'))).toMatch(refused);
    }
  }
  expect((await consumer.info()).num_ack_pending).toBe(1);
  expect(await message?.ackAck()).toBe(true);
  const nc = await open('executor');
  expect(await violation(nc, () => nc.publish(v2, '+ACK'))).toBeUndefined();
  for (const stream of STREAM_NAMES.filter((name) => name !== 'CHECKS')) {
    const other = await open('executor');
    const ack = `$JS.ACK.${stream}.x.1.1.1.1.1`;
    expect(await violation(other, () => other.publish(ack, '+ACK'))).toMatch(refused);
  }
});

test.each<[ServiceName, ServiceName, string, string]>([
  ['api', 'notifier', requests.testProvider, requests.testProvider],
  ['api', 'executor', requests.testCheck('local'), requests.testCheck('local')],
  ['executor', 'api', requests.monitorSecret, requests.monitorSecret],
])('%s asks %s and is answered', async (caller, responder, subject, heard) => {
  const server = await open(responder);
  // The permission is for every location: subscribing to one is within it
  server.subscribe(heard, { queue: responder, callback: (_, message) => void message.respond('yes') });
  await server.flush();
  const client = await open(caller);
  expect((await client.request(subject, '', { timeout: 2000 })).string()).toBe('yes');
  for (const stranger of SERVICE_NAMES.filter((name) => name !== caller)) {
    const nc = await open(stranger);
    await expect(nc.request(subject, '', { timeout: 500 })).rejects.toThrow(refused);
  }
});

test.each<[string, string]>([
  ['Nats-Rollup', 'all'],
  ['Nats-TTL', '1s'],
  ['Nats-Schedule', '@every 1s'],
])('%s is refused on an event stream, whoever sends it', async (header, value) => {
  const h = headers();
  h.set(header, value);
  h.set('Nats-Schedule-Target', samples.ALERTS);
  const js = jetstream(await open('alert-evaluator'));
  await expect(js.publish(samples.ALERTS, 'event', { headers: h })).rejects.toThrow(/rollup|ttl|schedul/i);
});
