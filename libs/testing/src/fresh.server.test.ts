import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freshDatabase, freshNats } from './fresh.server.js';
import './global-setup.js';

let nats: Awaited<ReturnType<typeof freshNats>>;
beforeAll(async () => {
  nats = await freshNats();
});
afterAll(() => nats.remove());

const query = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
};

test('two databases know nothing of each other, and a dropped one is gone even when in use', async () => {
  const [one, two] = [await freshDatabase(inject('pgUrl')), await freshDatabase(inject('pgUrl'))];
  await query(one.url, 'create table t as select 1 as x');
  await expect(query(two.url, 'select * from t')).rejects.toThrow(/relation "t" does not exist/);
  const left = new pg.Client({ connectionString: one.url });
  left.on('error', () => undefined);
  await left.connect();
  await one.drop();
  await two.drop();
  await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
});

test('the shared and the fresh NATS server are different servers', async () => {
  const ids = await Promise.all(
    [inject('natsUrl'), nats.url].map(async (text) => {
      const url = new URL(text);
      const nc = await connect({ servers: url.host, user: url.username, pass: url.password });
      const id = nc.info?.server_id;
      await nc.close();
      return id;
    }),
  );
  expect(new Set(ids).size).toBe(2);
});
