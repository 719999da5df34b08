import { performance } from 'node:perf_hooks';
import { toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { networkOf } from '../http/peer.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser, PASSWORD, signedIn } from '../testing/browser.fixture.js';

let servers: Servers;
let first: Api;
let second: Api;
let nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  const start = () => startApi(servers, () => toInstant(nowMs), { TOCSIN_TRUSTED_PROXIES: '127.0.0.1' });
  [first, second] = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  await servers?.stop();
});

let address = 0;
function somewhere(): string {
  address++;
  return `10.${address >> 8}.${address & 255}.1`;
}
const guess = (email: string, from: string, password: string = 'not the password', replica = 0) =>
  openBrowser((replica === 0 ? first : second).url).send(
    'POST',
    '/session',
    { email, password },
    { 'x-forwarded-for': from },
  );

test('SEC14 an account has ten guesses wherever they come from, over all replicas, then one a minute', async () => {
  const { email } = await signedIn(first, 'viewer');
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) => guess(email, somewhere(), undefined, at % 2)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(30);
  const refused = await guess(email, somewhere(), PASSWORD, 1);
  expect(refused.body).toMatchObject({ status: 429, code: 'too_many_requests' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  nowMs += 60_000;
  expect((await guess(email, somewhere())).status).toBe(401);
  expect((await guess(email, somewhere())).status).toBe(429);
  nowMs += 60_000;
  expect((await guess(email, somewhere(), PASSWORD)).status).toBe(200);
  for (let more = 0; more < 10; more++) expect((await guess(email, somewhere())).status).toBe(401);
});

test('SEC14 a network has twenty guesses over all accounts, and who signs in from it takes none', async () => {
  const { email } = await signedIn(first, 'viewer');
  const from = somewhere();
  for (let right = 0; right < 25; right++) expect((await guess(email, from, PASSWORD)).status).toBe(200);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => guess(`nobody-${at}@example.com`, from, undefined, at % 2)),
  );
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
  expect((await guess(email, from, PASSWORD)).status).toBe(429);
  expect((await guess(email, somewhere(), PASSWORD)).status).toBe(200);
});

test('SEC14 a network that has used up its guesses takes none from the accounts it tries', async () => {
  const { email } = await signedIn(first, 'viewer');
  const from = somewhere();
  for (let at = 0; at < 20; at++) await guess(`no-${at}@example.com`, from);
  for (let at = 0; at < 20; at++) expect((await guess(email, from)).status).toBe(429);
  expect((await guess(email, somewhere(), PASSWORD)).status).toBe(200);
});

test('SEC14 hundreds of guesses are no more than allowed, and cost no more than the asking', async () => {
  const { email } = await signedIn(first, 'viewer');
  let wrong = 0;
  for (let round = 0; round < 8; round++) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => guess(email, somewhere(), undefined, at % 2)),
    );
    wrong += answers.filter(({ status }) => status === 401).length;
  }
  expect(wrong).toBe(10);
});

test('SEC14 guessing the present password in a session is counted as well', async () => {
  const ada = await signedIn(first, 'viewer');
  const statuses: number[] = [];
  for (let at = 0; at < 12; at++)
    statuses.push(
      (await ada.post('/session/password', { current: `wrong ${at}`, next: 'another long one 8' })).status,
    );
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429, 429]);
});

test('SEC14 how long a refusal takes does not tell whether there is such a user', async () => {
  const known: string[] = [];
  for (let at = 0; at < 12; at++) known.push((await signedIn(first, 'viewer')).email);
  const timed = async (email: string) => {
    const begin = performance.now();
    expect((await guess(email, somewhere())).status).toBe(401);
    return performance.now() - begin;
  };
  await timed('warm-up@example.com');
  const [real, unknown]: [number[], number[]] = [[], []];
  for (const [at, email] of known.entries()) {
    real.push(await timed(email));
    unknown.push(await timed(`unknown-${at}@example.com`));
  }
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
  // The hash alone takes tens of milliseconds: without it the difference would be as large.
  expect(Math.abs(median(real) - median(unknown))).toBeLessThan(
    Math.max(median(real), median(unknown)) * 0.35,
  );
});

test('who counts as one network', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:0DB8:0001:0002::1')).toBe(networkOf('2001:db8:1:2:ffff::'));
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});
