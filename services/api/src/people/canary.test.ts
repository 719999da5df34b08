import { sql } from 'kysely';
import { TOTP } from 'otpauth';
import { expect, inject, test } from 'vitest';
import { startApi, startServers } from '../testing/api.fixture.js';
import { openBrowser } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';

/** Every row of every table of this service, as text, bytes as hex and as they are. */
async function dump(api: Awaited<ReturnType<typeof startApi>>): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('auth', 'config') and table_type = 'BASE TABLE'`.execute(api.db);
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.raw(name)}`.execute(api.db);
    for (const row of rows)
      for (const value of Object.values(row))
        texts.push(
          Buffer.isBuffer(value) ? value.toString('latin1') + value.toString('hex') : JSON.stringify(value),
        );
  }
  return texts.join('\n');
}

test('SEC12 SEC18 passwords, secrets of authenticator apps, codes and sessions are in no row, event or line of the log', async () => {
  const servers = await startServers(inject('pgUrl'));
  const api = await startApi(servers);
  const canaries: string[] = [];
  const canary = (text: string): string => {
    canaries.push(text);
    return text;
  };
  const browser = openBrowser(api.url);
  const keepCookie = () => canary(browser.cookie.split('=')[1] ?? '');
  const email = 'ada@example.com';
  await browser.post('/setup', { email, name: 'Ada', password: canary('canary password one 1') });
  keepCookie();
  await browser.signIn(email, canary('canary wrong password'));
  await browser.signIn(email, 'canary password one 1');
  keepCookie();
  await browser.post('/session/password', {
    current: 'canary password one 1',
    next: canary('canary password two 2'),
  });
  keepCookie();
  const secret = canary(textAt((await browser.post('/session/two-factor')).body, 'secret'));
  const code = new TOTP({ secret }).generate();
  const { body } = await browser.put('/session/two-factor', { code });
  for (const one of body.recoveryCodes as string[]) canary(one);
  keepCookie();
  const other = { email: 'b@example.com', name: 'B', role: 'editor' };
  const made = await browser.post('/users', other);
  canary(textAt(made.body, 'password'));
  canary(textAt((await browser.post(`/users/${made.id}/password`)).body, 'password'));
  await browser.post('/users', {
    ...other,
    email: 'c@example.com',
    password: canary('canary password three 3'),
  });
  const job = await browser.post('/jobs', { name: 'j' });
  await browser.post('/setup', { email, name: 'x', password: 'x', code: canary('canary-setup-code') });
  // Typed into the wrong field.
  await browser.signIn(canary('canary-password-as-address'), 'x');

  expect(canaries.length).toBeGreaterThan(20);
  expect(canaries.every((text) => text.length > 8)).toBe(true);
  const answers = [
    (await browser.get('/users')).text,
    (await browser.get('/audit')).text,
    (await browser.get('/session')).text,
    (await browser.get('/sessions')).text,
  ];
  await expect
    .poll(async () => (await api.streamed('CONFIG')).some(({ data }) => data.jobId === job.id))
    .toBe(true);
  const places = {
    rows: await dump(api),
    events: JSON.stringify(await api.streamed('CONFIG')),
    log: api.lines.join('\n'),
    answers: answers.join('\n'),
  };
  expect(places.rows).toContain(email);
  expect(places.rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  for (const [place, text] of Object.entries(places))
    expect([place, canaries.filter((one) => text.includes(one))]).toEqual([place, []]);
  await api.stop();
  await servers.stop();
});
