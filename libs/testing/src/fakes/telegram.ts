import { asObject, asText, type Json, readJsonPost } from './json-request.js';
import { type FakeOptions, type ProviderFake, startProviderFake, type Verdict } from './provider-fake.js';
import type { FakeRequest } from './serve-http.js';
import { parseTelegramHtml } from './telegram-html.js';

export interface TelegramMessage {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chatId: string;
  readonly payload: Json;
  /** the text without its tags, entities decoded */
  readonly shown: string;
  readonly links: readonly string[];
  /** `@names` that Telegram would notify */
  readonly mentions: readonly string[];
}

export interface TelegramFake extends ProviderFake<TelegramMessage> {
  /** the `apiBaseUrl` */
  readonly url: string;
  readonly botToken: string;
  readonly chatId: string;
}

/** The Bot API's `sendMessage` (core.telegram.org/bots/api). */
export async function startTelegramFake(options: FakeOptions = {}): Promise<TelegramFake> {
  const botToken = '123456789:AAfakeFakeFakeFakeFakeFakeFakeFake';
  const chatId = '-1001234567890';
  let messageId = 0;

  const read = (request: FakeRequest): Verdict<TelegramMessage> => {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? [];
    if (token === undefined || method !== 'sendMessage') return refuse(404, 'Not Found');
    if (token !== botToken) return refuse(401, 'Unauthorized');
    const post = readJsonPost(request);
    if ('problem' in post) return refuse(400, `Bad Request: ${post.problem}`);
    const payload = post.json;
    const chat = payload.chat_id;
    if (chat === undefined || chat === '') return refuse(400, 'Bad Request: chat_id is empty');
    if (chat !== chatId && chat !== Number(chatId)) return refuse(400, 'Bad Request: chat not found');
    if (payload.parse_mode !== 'HTML') return refuse(400, 'Bad Request: unsupported parse_mode');
    const parsed = parseTelegramHtml(asText(payload.text));
    if ('problem' in parsed) return refuse(400, `Bad Request: can't parse entities: ${parsed.problem}`);
    if (parsed.shown.trim() === '') return refuse(400, 'Bad Request: message text is empty');
    if (parsed.shown.length > 4096) return refuse(400, 'Bad Request: message is too long');
    messageId += 1;
    const mentions = parsed.shown.match(/(?<![\w@])@\w{3,}/g) ?? [];
    const result = { message_id: messageId, chat: { id: Number(chatId) }, text: parsed.shown };
    return {
      received: { at: request.at, headers: request.headers, chatId, payload, mentions, ...parsed },
      answer: json(200, { ok: true, result }),
    };
  };
  const fake = await startProviderFake<TelegramMessage>({ read, tooMany }, options);
  return { ...fake, url: fake.origin, botToken, chatId };
}

const json = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const refuse = (status: number, description: string): Verdict<TelegramMessage> => ({
  problem: description,
  answer: json(status, asObject({ ok: false, error_code: status, description })),
});

const tooMany = (seconds: number) => {
  const retryAfter = Math.ceil(seconds);
  return json(429, {
    ok: false,
    error_code: 429,
    description: `Too Many Requests: retry after ${retryAfter}`,
    parameters: { retry_after: retryAfter },
  });
};
