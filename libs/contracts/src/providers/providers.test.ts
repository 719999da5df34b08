import type { JsonObject } from '@tocsin/kernel';
import type { PROVIDER_KINDS } from '@tocsin/notifying';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSecrets, splitSecrets } from '../config-schema.js';
import { emailList, providerKinds } from './index.js';

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const SMTP = {
  host: 'mail.example',
  port: 587,
  secure: false,
  user: 'tocsin',
  password: 'CANARY',
  from: 'Tocsin <a@b.example>',
};
const URL = 'https://hooks.example.com/CANARY';

const valid: Record<(typeof PROVIDER_KINDS)[number], JsonObject[]> = {
  email: [
    { emails: 'ann@example.com' },
    { emails: ' ann@example.com , root@localhost,' },
    { emails: 'ann@example.com', smtp: SMTP },
    { emails: 'ann@example.com', smtp: { ...SMTP, host: '::1', user: '', from: 'a@b.example' } },
  ],
  slack: [{ webhookUrl: URL }, { webhookUrl: URL, channel: '#ops' }],
  webhook: [
    { url: URL },
    { url: 'http://127.0.0.1:8080/hook', method: 'GET' },
    { url: URL, method: 'PUT', headers: { 'X-Token': 'CANARY', authorization: 'Bearer CANARY' } },
    { url: URL, bodyTemplate: '{"text":"{{title}}","ms":{{responseTime}}}', signingSecret: secretOf(24) },
    { url: URL, bodyTemplate: '', signingSecret: `${secretOf(24)} ${secretOf(64)}` },
  ],
  telegram: [
    { botToken: '123456:ABC-def_CANARY', chatId: '-1001234' },
    { botToken: '1:a', chatId: '@ops_channel', apiBaseUrl: 'http://127.0.0.1:8081' },
  ],
  discord: [{ discordWebhookUrl: URL }],
  teams: [{ teamsWebhookUrl: URL }],
};

const invalid: Record<(typeof PROVIDER_KINDS)[number], JsonObject[]> = {
  email: [
    {},
    { emails: '' },
    { emails: ' , ' },
    { emails: 'ann' },
    { emails: 'ann@example.com; bob@example.com' },
    { emails: 'ann@example.com\r\nBcc: eve@example.com' },
    { emails: 'Ann <ann@example.com>' },
    { emails: `${'a'.repeat(490)}@example.com` },
    { emails: 'ann@example.com', smtp: { ...SMTP, from: 'Tocsin\r\nBcc: eve@example.com <a@b.example>' } },
    { emails: 'ann@example.com', smtp: { ...SMTP, from: '<a@b.example>, <c@d.example>' } },
    { emails: 'ann@example.com', smtp: { ...SMTP, host: 'user@mail.example' } },
    { emails: 'ann@example.com', smtp: { ...SMTP, port: 0 } },
  ],
  slack: [{}, { webhookUrl: 'ftp://example.com' }, { webhookUrl: URL, extra: 1 }],
  webhook: [
    {},
    { url: 'file:///etc/passwd' },
    { url: 'javascript:alert(1)' },
    { url: 'https://user:pass@example.com' },
    { url: 'https://good.example:x@evil.example' },
    { url: URL, method: 'DELETE' },
    { url: URL, headers: { 'X-A': 'a\r\nX-B: b' } },
    { url: URL, headers: { 'X A': 'a' } },
    { url: URL, headers: { Host: 'evil.example' } },
    { url: URL, headers: { 'Webhook-Signature': 'v1,forged' } },
    { url: URL, headers: { 'Content-Length': '0' } },
    { url: URL, bodyTemplate: '{"text": {{title}}}' },
    { url: URL, bodyTemplate: 'text' },
    { url: URL, bodyTemplate: `"${'x'.repeat(2000)}"` },
    { url: URL, signingSecret: secretOf(23) },
    { url: URL, signingSecret: secretOf(65) },
    { url: URL, signingSecret: 'hunter2' },
    { url: URL, signingSecret: '' },
  ],
  telegram: [
    {},
    { botToken: '123456:ABC/../getMe', chatId: '1' },
    { botToken: 'ABC', chatId: '1' },
    { botToken: '1:a', chatId: 'ops' },
    { botToken: '1:a', chatId: '1', apiBaseUrl: 'gopher://x' },
  ],
  discord: [{}, { discordWebhookUrl: 'hooks.example.com' }],
  teams: [{}, { teamsWebhookUrl: '' }],
};

const cases = (table: Record<string, JsonObject[]>) =>
  Object.entries(table).flatMap(([kind, all]) =>
    all.map((settings) => [kind as (typeof PROVIDER_KINDS)[number], settings] as const),
  );

describe('P23: the settings of providers', () => {
  it.each(cases(valid))('%s takes %j', (kind, settings) => {
    expect(providerKinds[kind].schema.safeParse(settings)).toMatchObject({ success: true });
  });

  it.each(cases(invalid))('%s refuses %j', (kind, settings) => {
    expect(providerKinds[kind].schema.safeParse(settings)).toMatchObject({ success: false });
  });

  it('fills in what is usual', () => {
    expect(providerKinds.webhook.schema.parse({ url: URL })).toEqual({ url: URL, method: 'POST' });
    expect(providerKinds.telegram.schema.parse({ botToken: '1:a', chatId: '1' })).toMatchObject({
      apiBaseUrl: 'https://api.telegram.org',
    });
  });

  it.each(cases(valid))('SEC11: %s splits its secrets off %j and joins them again', (kind, settings) => {
    const ofKind = providerKinds[kind];
    const config = ofKind.schema.parse(settings) as JsonObject;
    const { open, secret } = splitSecrets(config, ofKind.secretPaths(config));
    expect(JSON.stringify(open)).not.toMatch(/CANARY|whsec_/);
    expect(joinSecrets(open, secret)).toEqual(config);
  });

  it('lists each address once, in order', () => {
    expect(emailList(' b@x.example,, a@x.example ,b@x.example')).toEqual(['b@x.example', 'a@x.example']);
  });

  it('N7: lets no line break into an address list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = providerKinds.email.schema.safeParse({ emails: `ann@example.com${text}` });
        const list = parsed.success ? emailList(`ann@example.com${text}`) : [];
        expect(list.join('')).not.toMatch(/[\s\p{Cc}<>,]/u);
      }),
    );
  });
});
