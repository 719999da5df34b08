import { asList, asObject, asText, type Json, readJsonPost, textProblems } from './json-request.js';
import { type FakeOptions, type ProviderFake, startProviderFake, type Verdict } from './provider-fake.js';
import type { FakeRequest } from './serve-http.js';

export interface DiscordMessage {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Json;
  /** title, description and fields as a reader sees them, one per line */
  readonly shown: string;
  /** unescaped characters that Discord could read as markup, a mention or an emoji */
  readonly markup: readonly string[];
}

export interface DiscordFake extends ProviderFake<DiscordMessage> {
  /** the webhook: its path is the secret */
  readonly url: string;
}

const PATH = '/api/webhooks/112233445566778899/fakeFakeFakeFakeFakeFakeFakeFake';

/** Discord's "Execute Webhook" (discord.com/developers/docs/resources/webhook). */
export async function startDiscordFake(options: FakeOptions = {}): Promise<DiscordFake> {
  const fake = await startProviderFake<DiscordMessage>({ read, tooMany }, options);
  return { ...fake, url: fake.origin + PATH };
}

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const tooMany = (seconds: number) =>
  json(
    429,
    { message: 'You are being rate limited.', retry_after: seconds, global: false },
    {
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': seconds.toFixed(3),
      'x-ratelimit-bucket': 'abcd1234',
      'x-ratelimit-scope': 'shared',
    },
  );

function read(request: FakeRequest): Verdict<DiscordMessage> {
  if (request.path.split('?')[0] !== PATH)
    return {
      problem: 'unknown webhook',
      answer: json(404, { message: 'Unknown Webhook', code: 10015 }),
    };
  const post = readJsonPost(request);
  const problem = 'problem' in post ? post.problem : [...problemsOf(post.json)][0];
  if ('problem' in post || problem !== undefined)
    return { problem: problem ?? '', answer: json(400, { code: 50035, message: 'Invalid Form Body' }) };
  const texts = asList(post.json.embeds).map(asObject).flatMap(textsOf).map(readMarkdown);
  return {
    received: {
      at: request.at,
      headers: request.headers,
      payload: post.json,
      shown: texts.map(({ shown }) => shown).join('\n'),
      markup: texts.flatMap(({ markup }) => markup),
    },
    answer: { status: 204 },
  };
}

function* problemsOf(payload: Json): Generator<string> {
  const embeds = asList(payload.embeds);
  if (embeds.length === 0 && asText(payload.content) === '') yield 'empty message';
  if (asText(payload.content).length > 2000) yield 'content longer than 2000';
  if (embeds.length > 10) yield 'more than 10 embeds';
  const parse = asObject(payload.allowed_mentions).parse;
  if (!Array.isArray(parse) || parse.length > 0) yield 'allowed_mentions.parse must be an empty list';
  for (const embed of embeds.map(asObject)) yield* embedProblems(embed);
  const total = embeds.map(asObject).flatMap((e) => [...textsOf(e), asText(asObject(e.footer).text)]);
  if (total.join('').length > 6000) yield 'embeds longer than 6000 together';
}

function* embedProblems(embed: Json): Generator<string> {
  const { title, description, url, color, footer } = embed;
  if (title !== undefined) yield* textProblems('title', title, 256);
  if (description !== undefined) yield* textProblems('description', description, 4096);
  if (footer !== undefined) yield* textProblems('footer', asObject(footer).text, 2048);
  if (url !== undefined && !/^https?:\/\/\S+$/.test(asText(url))) yield 'url: not well formed';
  if (color !== undefined && !(Number.isInteger(color) && Number(color) >= 0 && Number(color) <= 0xffffff))
    yield 'color: not between 0 and 16777215';
  const fields = asList(embed.fields).map(asObject);
  if (fields.length > 25) yield 'more than 25 fields';
  for (const { name, value } of fields) {
    yield* textProblems('field name', name, 256);
    yield* textProblems('field value', value, 1024);
  }
}

const textsOf = (embed: Json): string[] =>
  [
    embed.title,
    embed.description,
    ...asList(embed.fields)
      .map(asObject)
      .flatMap(({ name, value }) => [name, value]),
  ].map(asText);

/** A backslash before punctuation shows the punctuation; what is left of these characters acts. */
function readMarkdown(text: string): { shown: string; markup: string[] } {
  const markup: string[] = [];
  const shown = text.replaceAll(
    /\\([!-/:-@[-`{-~])|[\\`*_~|<>@[\]]|:\/\/|^\s*(?:#|-|\+|\d+\.)/gm,
    (token, escaped?: string) => {
      if (escaped === undefined) markup.push(token);
      return escaped ?? token;
    },
  );
  return { shown, markup };
}
