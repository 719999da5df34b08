import { asList, asObject, asText, type Json, readJsonPost, textProblems } from './json-request.js';
import { type FakeOptions, type ProviderFake, startProviderFake, type Verdict } from './provider-fake.js';
import type { FakeRequest } from './serve-http.js';

export interface SlackMessage {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Json;
  /** what a reader sees: every text of the message, decoded, one per line */
  readonly shown: string;
  /** control sequences that call or name somebody, e.g. `<!channel>`, `<@U1>` */
  readonly mentions: readonly string[];
  readonly links: readonly string[];
  /** control characters outside such a sequence that should have been escaped */
  readonly unescaped: readonly string[];
}

export interface SlackFake extends ProviderFake<SlackMessage> {
  /** the incoming webhook: its path is the secret */
  readonly url: string;
}

const PATH = '/services/T00000000/B00000000/fakeFakeFakeFakeFakeFake';

/** An incoming webhook of Slack (docs.slack.dev, Block Kit reference). */
export async function startSlackFake(options: FakeOptions = {}): Promise<SlackFake> {
  const fake = await startProviderFake<SlackMessage>({ read, tooMany }, options);
  return { ...fake, url: fake.origin + PATH };
}

const tooMany = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)) },
  body: 'rate_limited',
});

const refuse = (status: number, body: string, problem = body): Verdict<SlackMessage> => ({
  problem,
  answer: { status, body },
});

function read(request: FakeRequest): Verdict<SlackMessage> {
  if (request.path !== PATH) return refuse(404, 'no_service');
  const post = readJsonPost(request);
  if ('problem' in post) return refuse(400, 'invalid_payload', post.problem);
  const payload = post.json;
  const attachments = asList(payload.attachments).map(asObject);
  const blockLists = [payload, ...attachments].map((part) => part.blocks ?? []);
  if (blockLists.flat().length === 0 && asText(payload.text) === '') return refuse(400, 'no_text');
  const problem = blockLists.flatMap((blocks) => [...blocksProblems(blocks)])[0];
  if (problem) return refuse(400, 'invalid_blocks', problem);
  const texts = [{ type: 'mrkdwn', text: payload.text }, ...blockLists.flatMap((b) => [...textsOf(b)])];
  return {
    received: { at: request.at, headers: request.headers, payload, ...seen(texts) },
    answer: { status: 200, body: 'ok' },
  };
}

function* blocksProblems(blocks: unknown): Generator<string> {
  if (!Array.isArray(blocks)) yield 'blocks is not a list';
  if (asList(blocks).length > 50) yield 'more than 50 blocks';
  for (const block of asList(blocks).map(asObject)) yield* blockProblems(block);
}

function* blockProblems(block: Json): Generator<string> {
  if (asText(block.block_id).length > 255) yield 'block_id longer than 255';
  switch (block.type) {
    case 'header':
      if (asObject(block.text).type !== 'plain_text') yield 'header: not plain_text';
      yield* textObjectProblems('header', block.text, 150);
      break;
    case 'section':
      if (block.text === undefined && block.fields === undefined) yield 'section: neither text nor fields';
      if (block.text !== undefined) yield* textObjectProblems('section', block.text, 3000);
      if (block.fields !== undefined) yield* listProblems('section.fields', block.fields, 2000);
      break;
    case 'context':
      yield* listProblems('context.elements', block.elements, 3000);
      break;
    case 'divider':
      break;
    default:
      yield `unsupported block ${String(block.type)}`;
  }
}

function* listProblems(where: string, value: unknown, max: number): Generator<string> {
  const list = asList(value);
  if (list.length === 0 || list.length > 10) yield `${where}: ${list.length} of 1 to 10`;
  for (const item of list) yield* textObjectProblems(where, item, max);
}

function* textObjectProblems(where: string, value: unknown, max: number): Generator<string> {
  const { type, text } = asObject(value);
  if (type !== 'plain_text' && type !== 'mrkdwn') yield `${where}: type ${String(type)}`;
  yield* textProblems(where, text, max);
}

function* textsOf(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (typeof value === 'object' && value !== null) {
    const object = asObject(value);
    if (typeof object.text === 'string') yield object;
    else for (const child of Object.values(object)) yield* textsOf(child);
  }
}

const decode = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function seen(texts: readonly Json[]): Pick<SlackMessage, 'shown' | 'mentions' | 'links' | 'unescaped'> {
  const mentions: string[] = [];
  const links: string[] = [];
  const unescaped: string[] = [];
  // Slack reads every `<…>` as a control sequence; what it cannot read it shows.
  const render = (text: string) =>
    text.replaceAll(/<([^<>]*)>|&(?:lt|gt|amp);|[<>&]/g, (token, inner?: string) => {
      if (inner === undefined) {
        if (token.length === 1) unescaped.push(token);
        return decode(token);
      }
      const [target = '', label] = inner.split('|');
      if (/^[!@#]/.test(inner)) mentions.push(token);
      else links.push(decode(target));
      return decode(label ?? target);
    });
  const shown = texts.map(({ text }) => render(asText(text))).join('\n');
  return { shown, mentions, links, unescaped };
}
