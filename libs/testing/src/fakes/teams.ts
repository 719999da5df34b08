import { asList, asObject, asText, type Json, readJsonPost, textProblems } from './json-request.js';
import { type FakeOptions, type ProviderFake, startProviderFake, type Verdict } from './provider-fake.js';
import type { FakeRequest } from './serve-http.js';

export interface TeamsMessage {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly card: Json;
  /** literal texts of the card in order, one per line */
  readonly shown: string;
  /** texts that stand where Teams reads Markdown */
  readonly markdown: readonly string[];
  readonly links: readonly string[];
}

export interface TeamsFake extends ProviderFake<TeamsMessage> {
  /** the workflow's trigger: its `sig` is the secret */
  readonly url: string;
}

const PATH =
  '/workflows/0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sig=fakeFakeFake';
const MAX_BYTES = 28 * 1024;

/** A Teams workflow "when a webhook request is received" (learn.microsoft.com, Adaptive Cards 1.4). */
export async function startTeamsFake(options: FakeOptions = {}): Promise<TeamsFake> {
  const fake = await startProviderFake<TeamsMessage>({ read, tooMany }, options);
  return { ...fake, url: fake.origin + PATH };
}

const tooMany = (seconds: number) => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)) },
  body: JSON.stringify({ error: { code: 'TooManyRequests', message: 'Rate limit is exceeded.' } }),
});

const refuse = (status: number, problem: string): Verdict<TeamsMessage> => ({
  problem,
  answer: { status, body: JSON.stringify({ error: { code: 'BadRequest', message: problem } }) },
});

function read(request: FakeRequest): Verdict<TeamsMessage> {
  if (request.path !== PATH) return refuse(401, 'the signature does not match');
  if (request.body.length > MAX_BYTES) return refuse(413, 'larger than 28 KB');
  const post = readJsonPost(request);
  if ('problem' in post) return refuse(400, post.problem);
  const attachments = asList(post.json.attachments).map(asObject);
  const card = asObject(attachments[0]?.content);
  const problem = [...envelopeProblems(post.json, attachments), ...cardProblems(card)][0];
  if (problem !== undefined) return refuse(400, problem);
  const texts = [...textsOf(card.body)];
  return {
    received: {
      at: request.at,
      headers: request.headers,
      card,
      shown: texts.map(({ text }) => text).join('\n'),
      markdown: texts.flatMap(({ text, literal }) => (literal ? [] : [text])),
      links: asList(card.actions).map((action) => asText(asObject(action).url)),
    },
    answer: { status: 202 },
  };
}

function* envelopeProblems(envelope: Json, attachments: readonly Json[]): Generator<string> {
  if (envelope.type !== 'message') yield 'type must be "message"';
  if (attachments.length === 0) yield 'no attachment';
  for (const { contentType } of attachments)
    if (contentType !== 'application/vnd.microsoft.card.adaptive') yield 'not an Adaptive Card';
}

function* cardProblems(card: Json): Generator<string> {
  if (card.type !== 'AdaptiveCard') yield 'content is not an AdaptiveCard';
  if (card.version !== '1.4') yield 'version must be "1.4"';
  if (asList(card.body).length === 0) yield 'empty body';
  for (const element of asList(card.body)) yield* elementProblems(asObject(element));
  for (const { type, title, url } of asList(card.actions).map(asObject)) {
    if (type !== 'Action.OpenUrl') yield `unsupported action ${String(type)}`;
    yield* textProblems('action title', title, 1000);
    if (!URL.canParse(asText(url))) yield 'action url is no URL';
  }
}

function* elementProblems(element: Json): Generator<string> {
  switch (element.type) {
    case 'Container':
      for (const item of asList(element.items)) yield* elementProblems(asObject(item));
      break;
    case 'TextBlock':
      yield* textProblems('TextBlock', element.text, MAX_BYTES);
      break;
    case 'RichTextBlock':
      if (asList(element.inlines).length === 0) yield 'RichTextBlock without inlines';
      for (const run of asList(element.inlines).map(asObject)) {
        if (run.type !== 'TextRun') yield 'inline is no TextRun';
        yield* textProblems('TextRun', run.text, MAX_BYTES);
      }
      break;
    case 'FactSet':
      for (const { title, value } of asList(element.facts).map(asObject)) {
        yield* textProblems('fact title', title, MAX_BYTES);
        yield* textProblems('fact value', value, MAX_BYTES);
      }
      break;
    default:
      yield `unsupported element ${String(element.type)}`;
  }
}

function* textsOf(value: unknown): Generator<{ text: string; literal: boolean }> {
  if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (typeof value === 'object' && value !== null) {
    const { type, text, title, value: factValue, items, inlines, facts } = asObject(value);
    for (const said of [title, text, factValue])
      if (typeof said === 'string') yield { text: said, literal: type === 'TextRun' };
    yield* textsOf([items, inlines, facts]);
  }
}
