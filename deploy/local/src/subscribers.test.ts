import { jetstream } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { subscribe } from '@tocsin/client';
import { freePort, temporaryFolder } from '@tocsin/local-stack';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serviceEnvironment } from './environment.js';
import { product } from './product.js';
import { startLocal } from './start-local.process.js';
import { natsSubscribers } from './subscribers.js';

test('a subscriber without a password is told, with the name of the variable', () => {
  expect(() => natsSubscribers({ TOCSIN_SUBSCRIBERS: 'pager:default,data-lake:shop' })).toThrow(
    'set TOCSIN_NATS_SUBSCRIBER_PAGER_PASSWORD, TOCSIN_NATS_SUBSCRIBER_DATA_LAKE_PASSWORD',
  );
  expect(natsSubscribers({})).toEqual([]);
});

test.each([
  ['pager', 'is not name:project'],
  ['Pager:default', 'is not name:project'],
  ['pager:default:more', 'is not name:project'],
  ['api:default', 'the name of a part of Tocsin'],
  ['pager:default,pager:shop', 'is there twice'],
])('"%s" is refused: %s', (text, reason) => {
  expect(() => natsSubscribers({ TOCSIN_SUBSCRIBERS: text })).toThrow(reason);
});

test('no service learns who subscribes, or with what', () => {
  const [spec] = product.services;
  if (spec === undefined) throw new Error('no service');
  const around = {
    natsUrl: '',
    databaseUrl: undefined,
    port: 1,
    publicUrl: '',
    secretKey: '',
    tokenFile: '',
    ownEndpoints: [],
    logLevel: 'info',
  };
  const env = { TOCSIN_SUBSCRIBERS: 'pager:default', TOCSIN_NATS_SUBSCRIBER_PAGER_PASSWORD: 'hush' };
  expect(
    Object.keys(serviceEnvironment(spec, around, env)).filter((name) => /SUBSCRIBER/.test(name)),
  ).toEqual([]);
});

test('a subscriber of a local Tocsin hears what happens in its project', async () => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const natsPort = await freePort();
  const local = await startLocal({
    dataDir: folder.dir,
    port: await freePort(),
    env: {
      PATH: process.env.PATH,
      TOCSIN_STREAM_BYTES_SCALE: '0.01',
      TOCSIN_NATS_PORT: String(natsPort),
      TOCSIN_SUBSCRIBERS: 'pager:default',
      TOCSIN_NATS_SUBSCRIBER_PAGER_PASSWORD: '0 digits "first" $HOME',
    },
    log: () => undefined,
    deployment: {
      ...product,
      services: [],
      natsUsers: () => [],
      provision: (input) => product.provision({ ...input, rolePasswords: undefined }),
    },
  });
  onTestFinished(local.stop);
  const heard: string[] = [];
  const subscription = await subscribe(
    { servers: `127.0.0.1:${natsPort}`, user: 'pager', pass: '0 digits "first" $HOME', from: 'start' },
    { StatusChanged: ({ data }) => void heard.push(data.to) },
  );
  onTestFinished(subscription.stop);
  const { username, password, host } = new URL(local.natsUrl);
  const admin = await connect({ servers: host, user: username, pass: password });
  onTestFinished(() => admin.close());
  const h = headers();
  h.set('ce-type', 'tocsin.v1.StatusChanged');
  h.set('ce-id', '1');
  const data = {
    targetId: 'm',
    targetKind: 'monitor',
    project: 'default',
    from: 'up',
    to: 'down',
    reason: 'failing',
    changedAt: '2026-01-01T00:00:00.000Z',
  };
  await jetstream(admin).publish('status.default.monitor.m', JSON.stringify(data), { headers: h });
  await vi.waitFor(() => expect(heard).toEqual(['down']), 5_000);
});
