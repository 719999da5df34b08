import {
  startDiscordFake,
  startHttpTarget,
  startSlackFake,
  startSmtpFake,
  startTeamsFake,
  startTelegramFake,
  startWebhookFake,
} from '@tocsin/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

async function startFakes() {
  const [slack, telegram, discord, teams, webhook, smtp, target] = await Promise.all([
    startSlackFake(),
    startTelegramFake(),
    startDiscordFake(),
    startTeamsFake(),
    startWebhookFake({ secrets: [SECRET] }),
    startSmtpFake(),
    startHttpTarget(),
  ]);
  return { slack, telegram, discord, teams, webhook, smtp, target };
}

let product: Product;
let fakes: Awaited<ReturnType<typeof startFakes>>;
let ids: Record<string, string>;
beforeAll(async () => {
  fakes = await startFakes();
  product = await startProduct();
  const { slack, telegram, discord, teams, webhook, smtp } = fakes;
  const configs: Record<string, Json> = {
    slack: { webhookUrl: slack.url },
    telegram: { botToken: telegram.botToken, chatId: telegram.chatId, apiBaseUrl: telegram.url },
    discord: { discordWebhookUrl: discord.url },
    teams: { teamsWebhookUrl: teams.url },
    webhook: { url: webhook.url, signingSecret: SECRET },
    email: {
      emails: 'ann@example.com, bob@example.com',
      smtp: {
        host: smtp.host,
        port: smtp.port,
        secure: false,
        user: '',
        password: '',
        from: 'tocsin@example.com',
      },
    },
  };
  ids = {};
  for (const [type, config] of Object.entries(configs))
    ids[type] = (await product.post('notification-providers', { name: `our ${type}`, type, config })).id;
}, 60_000);
afterAll(async () => {
  await product?.stop();
  for (const fake of Object.values(fakes ?? {})) await fake.stop();
}, 30_000);

describe('every provider', () => {
  it('answers a test at once', { timeout: 30_000 }, async () => {
    for (const [type, id] of Object.entries(ids))
      expect([type, await product.post(`notification-providers/${id}/test`)]).toEqual([
        type,
        expect.objectContaining({ result: 'delivered' }),
      ]);
  });

  it('is told in its own protocol what is down, since when and why, and how long it lasted (K15)', {
    timeout: 90_000,
  }, async () => {
    const { slack, telegram, discord, teams, webhook, smtp, target } = fakes;
    const monitor = await product.post('monitors', {
      name: 'shop <b>& "co"</b> @everyone',
      type: 'http_request',
      target: `${target.url}/`,
      intervalSeconds: 1,
      alertConfig: alertConfig(Object.values(ids), {
        customMessage: 'Runbook for {{monitorName}}: call Ann',
      }),
    });
    await expect
      .poll(async () => (await product.get(`monitors/${monitor.id}`)).status, { timeout: 15_000 })
      .toBe('up');
    const before = smtp.received.length;
    const shown = () => ({
      slack: slack.received.slice(1).map((message) => message.shown),
      telegram: telegram.received.slice(1).map((message) => message.shown),
      discord: discord.received.slice(1).map((message) => message.shown),
      teams: teams.received.slice(1).map((message) => message.shown),
      email: smtp.received.slice(before).map(({ mail }) => `${mail.subject}\n${mail.text}`),
    });
    await target.set('error');
    await expect
      .poll(() => Object.values(shown()).map((messages) => messages.length), { timeout: 30_000 })
      .toEqual([1, 1, 1, 1, expect.toSatisfy((count: number) => count >= 1)]);
    for (const [kind, [text = '']] of Object.entries(shown())) {
      expect([kind, text]).toEqual([kind, expect.stringContaining('shop <b>& "co"</b>')]);
      expect([kind, text]).toEqual([kind, expect.stringContaining('500')]);
      expect([kind, text]).toEqual([kind, expect.stringContaining('Runbook for shop')]);
    }
    await target.set('up');
    await expect
      .poll(() => Object.values(shown()).map((messages) => messages.length >= 2), { timeout: 30_000 })
      .toEqual([true, true, true, true, true]);
    await expect.poll(() => webhook.received.length, { timeout: 10_000 }).toBe(3);
    for (const { rawBody, headers } of webhook.received)
      expect(() =>
        new Webhook(SECRET).verify(rawBody.toString(), headers as Record<string, string>),
      ).not.toThrow();
    expect(slack.received.flatMap(({ mentions }) => mentions)).toEqual([]);
    expect(telegram.received.flatMap(({ mentions }) => mentions)).toEqual([]);
    const statuses = async () =>
      (await product.get(`alerts/history?targetId=${monitor.id}`)).items.map(({ status }: Json) => status);
    await expect.poll(statuses, { timeout: 5_000 }).toEqual(Array.from({ length: 12 }, () => 'sent'));
    await product.call('DELETE', `monitors/${monitor.id}`);
  });

  it('that fails is tried again and does not count as told (K10)', { timeout: 60_000 }, async () => {
    const { webhook, target } = fakes;
    webhook.fail(503);
    const job = await product.post('jobs', {
      name: 'import',
      alertConfig: alertConfig([ids.webhook ?? ''], { failureThreshold: 1 }),
    });
    const count = webhook.received.length;
    await product.post(`jobs/${job.id}/runs`, { status: 'failed', durationMs: 5, error: 'no rows' });
    const notification = async () => {
      const [alert] = (await product.get(`alerts?targetId=${job.id}`)).items;
      return alert === undefined ? undefined : (await product.get(`alerts/${alert.id}`)).notifications[0];
    };
    await expect
      .poll(async () => (await notification())?.attempts.length, { timeout: 15_000 })
      .toBeGreaterThan(0);
    expect((await notification()).state).toBe('planned');
    expect((await notification()).attempts[0]).toMatchObject({ outcome: 'not_now', status: 503 });
    webhook.heal();
    await expect.poll(async () => (await notification()).state, { timeout: 40_000 }).toBe('delivered');
    expect(webhook.received.length).toBe(count + 1);
    expect(target.port).toBeGreaterThan(0);
  });

  it('never shows its secrets again', { timeout: 20_000 }, async () => {
    const text = JSON.stringify(await product.get('notification-providers?limit=50'));
    for (const secret of ['fakeFake', SECRET, 'AAfake']) expect(text).not.toContain(secret);
    expect(product.lines.join('\n')).not.toMatch(/fakeFake|AAfake|whsec_/);
  });
});
