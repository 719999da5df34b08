import { afterEach, describe, expect, it } from 'vitest';
import { startDiscordFake } from './discord.js';
import { startSlackFake } from './slack.js';
import { startTeamsFake } from './teams.js';
import { startTelegramFake } from './telegram.js';
import { parseTelegramHtml } from './telegram-html.js';

const running: { stop(): Promise<void> }[] = [];
const keep = <F extends { stop(): Promise<void> }>(fake: F): F => {
  running.push(fake);
  return fake;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.stop()));
});

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const envelope = (content: unknown) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});
const card = (body: unknown) => ({ type: 'AdaptiveCard', version: '1.4', body });

const eleven = <T>(thing: T): T[] => Array.from({ length: 11 }, () => thing);

describe('what every provider fake does', () => {
  it('answers the planned faults in turn, then as the protocol does', async () => {
    const fake = keep(await startSlackFake());
    fake.failNext(503, 'reset', { status: 500, body: 'broken' });

    expect((await post(fake.url, { text: 'one' })).status).toBe(503);
    await expect(post(fake.url, { text: 'two' })).rejects.toThrow('fetch failed');
    expect(await (await post(fake.url, { text: 'three' })).text()).toBe('broken');
    expect(await (await post(fake.url, { text: 'four' })).text()).toBe('ok');
    expect(fake.received.map(({ shown }) => shown)).toEqual(['four']);
    expect(fake.requests.map(({ status }) => status)).toEqual([503, 0, 500, 200]);
  });

  it('keeps a message whose answer it loses', async () => {
    const fake = keep(await startSlackFake());
    fake.failNext('lose_answer');
    await expect(post(fake.url, { text: 'once' })).rejects.toThrow('fetch failed');
    expect(fake.received).toHaveLength(1);
  });

  it('fails until it is healed', async () => {
    const fake = keep(await startSlackFake());
    fake.fail(500);
    expect((await post(fake.url, { text: 'a' })).status).toBe(500);
    expect((await post(fake.url, { text: 'a' })).status).toBe(500);
    fake.heal();
    expect((await post(fake.url, { text: 'a' })).status).toBe(200);
  });

  it('counts what comes inside the window of a rate limit', async () => {
    let now = Date.parse('2025-01-01T00:00:00Z');
    const fake = keep(await startSlackFake({ now: () => now }));
    fake.rateLimit(10);

    const first = await post(fake.url, { text: 'a' });
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '10']);
    expect(fake.tooSoon()).toBe(0);
    now += 9_000;
    expect((await post(fake.url, { text: 'a' })).headers.get('retry-after')).toBe('1');
    expect(fake.tooSoon()).toBe(1);
    now += 1_000;
    expect((await post(fake.url, { text: 'a' })).status).toBe(200);
    expect(fake.tooSoon()).toBe(1);
  });
});

describe('slack', () => {
  it.each([
    ['a header over 150', [header('x'.repeat(151))]],
    ['a section over 3000', [section('x'.repeat(3001))]],
    ['a blank text', [section(' ')]],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['mrkdwn in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }]],
    ['eleven fields', [{ type: 'section', fields: eleven({ type: 'mrkdwn', text: 'x' }) }]],
    ['an unknown block', [{ type: 'carousel' }]],
  ])('refuses %s', async (_, blocks) => {
    const fake = keep(await startSlackFake());
    const answer = await post(fake.url, { blocks });
    expect([answer.status, await answer.text()]).toEqual([400, 'invalid_blocks']);
    expect((await post(fake.url, { text: 'x', attachments: [{ blocks }] })).status).toBe(400);
    expect(fake.received).toEqual([]);
  });

  it('sees mentions and links where they act, and text where they are escaped', async () => {
    const fake = keep(await startSlackFake());
    await post(fake.url, { blocks: [section('<!channel> &lt;!here&gt; <https://a.example|open>')] });
    expect(fake.received[0]).toMatchObject({
      mentions: ['<!channel>'],
      links: ['https://a.example'],
      shown: expect.stringContaining('<!here> open'),
    });
  });

  it('knows nobody else and wants JSON', async () => {
    const fake = keep(await startSlackFake());
    expect((await post(`${fake.origin}/services/T/B/other`, { text: 'x' })).status).toBe(404);
    expect((await fetch(fake.url, { method: 'POST', body: 'text' })).status).toBe(400);
  });
});

describe('telegram', () => {
  it.each([
    ['<b>a</b> &amp; &lt;b&gt; <a href="https://a.example/?x=1&amp;y">go</a>', 'a & <b> go'],
    ['a > b & c', 'a > b & c'],
  ])('shows %j', (html, shown) => {
    expect(parseTelegramHtml(html)).toMatchObject({ shown });
  });

  it.each(['<b>open', '<i><b>crossed</i></b>', '<script>x</script>', 'a < b', '</b>', '<a>no href</a>'])(
    'refuses %j',
    (html) => {
      expect(parseTelegramHtml(html)).toHaveProperty('problem');
    },
  );

  it('answers as the Bot API does', async () => {
    const fake = keep(await startTelegramFake());
    const url = `${fake.url}/bot${fake.botToken}/sendMessage`;
    const message = { chat_id: fake.chatId, parse_mode: 'HTML', text: 'hi' };
    expect(await (await post(url, message)).json()).toMatchObject({ ok: true, result: { message_id: 1 } });
    const bad = [
      { ...message, chat_id: '7' },
      { ...message, text: '' },
      { ...message, text: 'x'.repeat(4097) },
      { ...message, parse_mode: 'Markdown' },
    ];
    for (const body of bad) expect((await post(url, body)).status).toBe(400);
    expect((await post(`${fake.url}/bot1:other/sendMessage`, message)).status).toBe(401);
    fake.rateLimit(3);
    expect(await (await post(url, message)).json()).toMatchObject({
      error_code: 429,
      parameters: { retry_after: 3 },
    });
  });
});

describe('discord', () => {
  it('answers 204, or 429 with a fraction of seconds', async () => {
    const fake = keep(await startDiscordFake());
    const message = { embeds: [{ title: 'a\\*b *c*' }], allowed_mentions: { parse: [] } };
    expect((await post(fake.url, message)).status).toBe(204);
    expect(fake.received[0]).toMatchObject({ shown: 'a*b *c*\n', markup: ['*', '*'] });
    fake.rateLimit(0.65);
    const limited = await post(fake.url, message);
    expect(await limited.json()).toMatchObject({ retry_after: 0.65 });
    expect(limited.headers.get('x-ratelimit-reset-after')).toBe('0.650');
  });

  it.each([
    ['no allowed_mentions', { embeds: [{ title: 'a' }] }],
    ['eleven embeds', { embeds: eleven({ title: 'a' }), allowed_mentions: { parse: [] } }],
    ['a long title', { embeds: [{ title: 'a'.repeat(257) }], allowed_mentions: { parse: [] } }],
    ['a long description', { embeds: [{ description: 'a'.repeat(4097) }], allowed_mentions: { parse: [] } }],
    [
      'too much together',
      {
        embeds: [{ description: 'a'.repeat(4000) }, { description: 'a'.repeat(4000) }],
        allowed_mentions: { parse: [] },
      },
    ],
    ['nothing', { allowed_mentions: { parse: [] } }],
  ])('refuses %s', async (_, body) => {
    const fake = keep(await startDiscordFake());
    expect((await post(fake.url, body)).status).toBe(400);
  });
});

describe('teams', () => {
  it('tells text that is read as Markdown from text that is not', async () => {
    const fake = keep(await startTeamsFake());
    const body = [
      { type: 'TextBlock', text: '**bold**' },
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '**literal**' }] },
    ];
    expect((await post(fake.url, envelope(card(body)))).status).toBe(202);
    expect(fake.received[0]).toMatchObject({ shown: '**bold**\n**literal**', markdown: ['**bold**'] });
  });

  it.each([
    ['another type', { ...envelope(card([{ type: 'TextBlock', text: 'a' }])), type: 'card' }, 400],
    ['no attachment', { type: 'message', attachments: [] }, 400],
    ['another version', envelope({ ...card([{ type: 'TextBlock', text: 'a' }]), version: '1.6' }), 400],
    ['an empty body', envelope(card([])), 400],
    ['a blank text', envelope(card([{ type: 'TextBlock', text: '' }])), 400],
    ['more than 28 KB', envelope(card([{ type: 'TextBlock', text: 'a'.repeat(28_700) }])), 413],
  ])('refuses %s', async (_, body, status) => {
    const fake = keep(await startTeamsFake());
    expect((await post(fake.url, body)).status).toBe(status);
  });
});
