import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  AUDITOR,
  auditorAccess,
  inboxPrefix,
  NATS_PERMISSIONS,
  POSITIONS_STREAM,
  parseSubscribers,
  projectStream,
  requests,
  SERVICE_NAMES,
  STREAM_NAMES,
  SUBSCRIBER_DOMAIN,
  subjects,
  subscriberAccess,
} from '@tocsin/contracts';
import { freshNats } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { natsOptions } from './connect.nats.js';
import { provisionNats } from './streams.nats.js';

/** Every subscriber against every subject and every question to JetStream, on a real server: X2, SEC19. */

const subscribers = parseSubscribers('pager:shop,sink:shop,reader:blog,loose:shop');
const options = { locations: ['local'], replicas: undefined, maxBytesScale: 0.01, artifactDays: 1 };
const id = '00000000-0000-4000-8000-000000000000';
const said = (project: string) => [
  subjects.alert(project, 'monitor', id, 'raised'),
  subjects.status(project, 'monitor', id),
];
const internal = [
  ...['shop', 'blog'].flatMap((project) => [
    ...said(project),
    subjects.config(project, 'monitor', id),
    subjects.result(project, 'monitor', id),
    subjects.delivery(project, 'slack', id, 'delivered'),
    subjects.output(project, id),
    ...said(project).map((subject) => subjects.stored(project, subject)),
  ]),
  subjects.checkDue('local', 'http', id),
  subjects.runDue('local', id),
  '$O.ARTIFACTS.C.x',
  requests.testProvider,
  requests.testCheck('local'),
  requests.monitorSecret,
  requests.testMaterial,
  requests.cancelRun('local'),
  ...SERVICE_NAMES.map((name) => `${inboxPrefix(name)}.x`),
  '$SYS.REQ.SERVER.PING',
  '$SYS.REQ.ACCOUNT.TOCSIN.CONNZ',
  '$JS.EVENT.ADVISORY.API',
  '$JS.FC.ALERTS.x',
];
const streams = [
  ...STREAM_NAMES,
  'OUTPUT',
  'OBJ_ARTIFACTS',
  POSITIONS_STREAM.name,
  projectStream('shop'),
  projectStream('blog'),
];
const verbs = (stream: string) => [
  ...['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'INFO', 'MSG.GET', 'MSG.DELETE', 'SNAPSHOT', 'RESTORE'].map(
    (verb) => `STREAM.${verb}.${stream}`,
  ),
  `STREAM.LEADER.STEPDOWN.${stream}`,
  `DIRECT.GET.${stream}`,
  `DIRECT.GET.${stream}.${subjects.position('pager')}`,
  `DIRECT.GET.${stream}.${subjects.position('sink')}`,
  `DIRECT.GET.${stream}.${subjects.position('reader')}`,
  `CONSUMER.CREATE.${stream}`,
  `CONSUMER.CREATE.${stream}.mine`,
  `CONSUMER.CREATE.${stream}.mine.alert.shop.>`,
  `CONSUMER.DURABLE.CREATE.${stream}.mine`,
  `CONSUMER.NAMES.${stream}`,
  `CONSUMER.LIST.${stream}`,
  ...['INFO', 'MSG.NEXT', 'DELETE', 'PAUSE', 'UNPIN', 'RESET', 'LEADER.STEPDOWN'].flatMap((verb) =>
    ['pager', 'sink', 'reader', 'executor-local'].map((name) => `CONSUMER.${verb}.${stream}.${name}`),
  ),
];
const api = ['INFO', 'STREAM.NAMES', 'STREAM.LIST', ...streams.flatMap(verbs)];
const acks = streams.flatMap((stream) =>
  ['pager', 'sink', 'reader', 'executor-local'].flatMap((name) => [
    `$JS.ACK.${stream}.${name}.1.1.1.1.0`,
    `$JS.ACK._.account.${stream}.${name}.1.1.1.1.0`,
  ]),
);

let nats: Awaited<ReturnType<typeof freshNats>>;
let admin: NatsConnection;
const connections: NatsConnection[] = [];

async function open(user: string): Promise<NatsConnection> {
  const nc = await connect({ ...natsOptions(nats.urlFor({ name: user, password: user })), reconnect: false });
  connections.push(nc);
  return nc;
}

/** Which of the subjects the server refuses: one connection, told apart by what it says of each. */
async function refusedOf(nc: NatsConnection, act: (subject: string) => void, subjectList: string[]) {
  const refused = new Set<string>();
  const watch = (async () => {
    for await (const status of nc.status())
      if (status.type === 'error') {
        const [, subject] = /to "([^"]+)"/.exec(status.error.message) ?? [];
        if (subject !== undefined) refused.add(subject);
      }
  })();
  for (const subject of subjectList) act(subject);
  await nc.flush();
  await nc.close();
  await watch;
  return subjectList.filter((subject) => refused.has(subject));
}

/** What a subscriber may say: six questions, its position, and acknowledgements of its own. */
const permitted = (name: string, project: string) => [
  `$JS.${SUBSCRIBER_DOMAIN}.API.STREAM.INFO.EVENTS_${project}`,
  `$JS.${SUBSCRIBER_DOMAIN}.API.DIRECT.GET.EVENTS_${project}`,
  `$JS.${SUBSCRIBER_DOMAIN}.API.CONSUMER.INFO.EVENTS_${project}.${name}`,
  `$JS.${SUBSCRIBER_DOMAIN}.API.CONSUMER.MSG.NEXT.EVENTS_${project}.${name}`,
  `$JS.${SUBSCRIBER_DOMAIN}.API.DIRECT.GET.POSITIONS.position.${name}`,
  `$JS.ACK.EVENTS_${project}.${name}.1.1.1.1.0`,
  `$JS.ACK._.account.EVENTS_${project}.${name}.1.1.1.1.0`,
  `position.${name}`,
];

beforeAll(async () => {
  nats = await freshNats(
    SERVICE_NAMES.map((name) => ({ name, password: name, ...NATS_PERMISSIONS[name] })),
    [
      { name: AUDITOR, password: AUDITOR, access: auditorAccess() },
      ...subscribers.map((one) => {
        const access = subscriberAccess(one);
        // One without any permission of its own: the account alone has to hold it
        const permissions = one.name === 'loose' ? { publish: ['>'], subscribe: ['>'] } : access.permissions;
        return { name: one.name, password: one.name, access: { ...access, permissions } };
      }),
    ],
  );
  await provisionNats(nats.url, { ...options, subscribers }, () => undefined);
  admin = await connect(natsOptions(nats.url));
  for (const subject of [...said('shop'), ...said('blog')]) await jetstream(admin).publish(subject, 'first');
});
afterEach(async () => {
  for (const nc of connections.splice(0)) await nc.close();
});
afterAll(async () => {
  await admin.close();
  await nats.remove();
});

test.each(subscribers.filter(({ name }) => name !== 'loose'))(
  '$name may say what a subscriber of $project says, and nothing else',
  async ({ name, project }) => {
    const positions = subscribers.map((one) => subjects.position(one.name));
    const all = [
      ...internal,
      ...positions,
      ...acks,
      ...['$JS.API', `$JS.${SUBSCRIBER_DOMAIN}.API`].flatMap((prefix) =>
        api.map((one) => `${prefix}.${one}`),
      ),
    ];
    const nc = await open(name);
    const refused = await refusedOf(nc, (subject) => nc.publish(subject, ''), all);
    expect(all.filter((subject) => !refused.includes(subject)).toSorted()).toEqual(
      permitted(name, project).toSorted(),
    );
  },
);

test.each(subscribers.filter(({ name }) => name !== 'loose'))(
  '$name hears what is said of $project and answers to its own questions, and nothing else',
  async ({ name, project }) => {
    const all = [
      ...internal,
      '>',
      '*',
      '$SYS.>',
      '$JS.>',
      'alert.>',
      'status.>',
      '_INBOX_api.>',
      '_INBOX.mine.1',
    ];
    const nc = await open(name);
    const refused = await refusedOf(nc, (subject) => void nc.subscribe(subject), all);
    expect(all.filter((subject) => !refused.includes(subject)).toSorted()).toEqual(
      [...said(project), '_INBOX.mine.1'].toSorted(),
    );
  },
);

test.each([...SERVICE_NAMES, AUDITOR])(
  '%s has no business with subscribers: neither copies nor positions',
  async (name) => {
    const nc = await open(name);
    const all = [
      'position.pager',
      'stored.shop.x',
      ...['shop', 'blog'].flatMap((project) => verbs(projectStream(project)).map((one) => `$JS.API.${one}`)),
      ...verbs('POSITIONS').map((one) => `$JS.API.${one}`),
      ...acks.filter((ack) => /EVENTS_|POSITIONS/.test(ack)),
    ];
    expect(await refusedOf(nc, (subject) => nc.publish(subject, ''), all)).toEqual(all);
  },
);

/** Numbers of all that is stored, and what each consumer has delivered and had acknowledged. */
async function everything() {
  const jsm = await jetstreamManager(admin);
  const found: Record<string, unknown> = {};
  for await (const { config, state } of jsm.streams.list()) {
    found[config.name] = [state.messages, state.last_seq];
    for await (const { name, ack_floor } of jsm.consumers.list(config.name))
      found[`${config.name}/${name}`] = ack_floor.stream_seq;
  }
  return found;
}

test('the account alone holds somebody who may say anything in it: nothing of ours changes', async () => {
  const before = await everything();
  const nc = await open('loose');
  const heard: string[] = [];
  nc.subscribe('>', { callback: (_, message) => void heard.push(message.subject) });
  const create = JSON.stringify({
    stream_name: 'EVENTS_shop',
    config: { name: 'mine', ack_policy: 'none', deliver_subject: subjects.config('shop', 'monitor', id) },
  });
  const [, ...others] = acks;
  for (const subject of [...internal, 'position.pager', 'position.sink', ...others])
    nc.publish(subject, '+ACK');
  for (const prefix of ['$JS.API', `$JS.${SUBSCRIBER_DOMAIN}.API`])
    for (const one of api) nc.publish(`${prefix}.${one}`, create);
  await nc.flush();
  await jetstream(admin).publish(subjects.config('shop', 'monitor', id), 'secret');
  await jetstream(admin).publish(said('blog')[0] ?? '', 'theirs');
  await admin.flush();
  await nc.flush();
  expect(await everything()).toEqual({
    ...before,
    CONFIG: [1, 1],
    ALERTS: [3, 3],
    EVENTS_blog: expect.any(Array) as unknown,
  });
  // What it said itself in its own account is all that it hears
  const own = new Set([...internal, ...others, 'position.pager', 'position.sink']);
  expect(heard.filter((subject) => !own.has(subject) && !/^(\$JS|_INBOX|_R_)/.test(subject))).toEqual([]);
});

test('an answer goes to the one who asked, wherever they would have it sent', async () => {
  const service = await connect({
    ...natsOptions(nats.urlFor({ name: 'api', password: 'api' })),
    inboxPrefix: inboxPrefix('api'),
  });
  connections.push(service);
  const heard: string[] = [];
  service.subscribe(`${inboxPrefix('api')}.>`, {
    callback: (_, message) => void heard.push(message.subject),
  });
  await service.flush();
  const before = await everything();
  const nc = await open('loose');
  const prefix = `$JS.${SUBSCRIBER_DOMAIN}.API`;
  const questions: [string, string][] = [
    [`${prefix}.STREAM.INFO.EVENTS_shop`, ''],
    [`${prefix}.DIRECT.GET.EVENTS_shop`, '{"seq":1,"batch":10,"next_by_subj":">"}'],
    [`${prefix}.CONSUMER.INFO.EVENTS_shop.loose`, ''],
    [`${prefix}.CONSUMER.MSG.NEXT.EVENTS_shop.loose`, '{"batch":1,"no_wait":true}'],
    [`${prefix}.DIRECT.GET.POSITIONS.position.loose`, ''],
    [`$JS.ACK.EVENTS_shop.loose.1.1.1.1.0`, '+NXT'],
  ];
  const elsewhere = [
    subjects.config('shop', 'monitor', id),
    subjects.alert('blog', 'monitor', id, 'raised'),
    subjects.position('pager'),
    '$JS.API.STREAM.PURGE.ALERTS',
    '$JS.ACK.EVENTS_shop.pager.1.1.1.1.0',
    `${inboxPrefix('api')}.x`,
    requests.testProvider,
  ];
  for (const [question, body] of questions)
    for (const reply of elsewhere) nc.publish(question, body, { reply });
  await nc.flush();
  // Inside our account the same is stored as if it were a configuration: this is what accounts are for
  admin.publish('$JS.API.DIRECT.GET.EVENTS_shop', '{"seq":1}', { reply: elsewhere[0] ?? '' });
  const jsm = await jetstreamManager(admin);
  const configs = () => jsm.streams.info('CONFIG').then(({ state }) => state.messages);
  const [known] = before.CONFIG as [number];
  await vi.waitFor(async () => expect(await configs()).toBeGreaterThan(known));
  await service.flush();
  expect(heard).toEqual([]);
  expect(await everything()).toEqual({
    ...before,
    CONFIG: [known + 1, known + 1],
    // Its own place, which it may move
    'EVENTS_shop/loose': expect.any(Number) as unknown,
  });
});

test('a client in another language takes and acknowledges with an ordinary consumer, nobody else can', async () => {
  const js = jetstream(await open('sink'), { domain: SUBSCRIBER_DOMAIN });
  const consumer = await js.consumers.get(projectStream('shop'), 'sink');
  const message = await consumer.next({ expires: 2000 });
  expect(said('shop')).toContain(message?.subject);
  const reply = (message as unknown as { msg: { reply: string } }).msg.reply;
  const v2 = reply.replace('$JS.ACK.', '$JS.ACK._.account.');
  for (const name of ['pager', 'reader', ...SERVICE_NAMES]) {
    const nc = await open(name);
    expect(await refusedOf(nc, (subject) => nc.publish(subject, '+ACK'), [reply, v2])).toEqual([reply, v2]);
  }
  expect((await consumer.info()).num_ack_pending).toBe(1);
  expect(await message?.ackAck()).toBe(true);
  expect((await consumer.info()).num_ack_pending).toBe(0);
});

test('a position is one message, of its own subject, whatever headers it comes with', async () => {
  const nc = await open('pager');
  for (const [header, value] of [
    ['Nats-Rollup', 'all'],
    ['Nats-TTL', '1s'],
    ['Nats-Schedule', '@every 1s'],
  ] as const) {
    const h = headers();
    h.set(header, value);
    h.set('Nats-Schedule-Target', 'position.sink');
    const answer = await nc.request('position.pager', 'x', { headers: h, timeout: 2000 });
    expect(answer.string()).toMatch(/"error"/);
  }
  const large = await nc.request('position.pager', 'x'.repeat(POSITIONS_STREAM.maxMessageBytes + 1));
  expect(large.string()).toMatch(/exceeds/);
  await nc.request('position.pager', 'one');
  await nc.request('position.pager', 'two');
  const { state } = await (await jetstreamManager(admin)).streams.info('POSITIONS', { subjects_filter: '>' });
  expect(state.subjects?.['position.pager']).toBe(1);
});

test('provisioning again changes nothing, and takes their place from those who are no longer subscribers', async () => {
  const jsm = await jetstreamManager(admin);
  const created = (await jsm.streams.info('EVENTS_shop')).created;
  await provisionNats(nats.url, { ...options, subscribers }, () => undefined);
  expect((await jsm.streams.info('EVENTS_shop')).created).toBe(created);
  const left = subscribers.filter(({ name }) => name !== 'pager');
  await provisionNats(nats.url, { ...options, subscribers: left }, () => undefined);
  expect((await jsm.streams.info('EVENTS_shop')).created).toBe(created);
  const names: string[] = [];
  for await (const { name } of jsm.consumers.list('EVENTS_shop')) names.push(name);
  expect(names.toSorted()).toEqual(['loose', 'sink']);
  expect(await jsm.streams.getMessage('POSITIONS', { last_by_subj: 'position.pager' })).toBeNull();
  // Nobody says who there is: nobody is taken away
  await provisionNats(nats.url, { ...options, subscribers: undefined }, () => undefined);
  expect((await jsm.streams.info('EVENTS_shop')).state.consumer_count).toBe(2);
});
