import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { type Api, type Ask, addressOf, routeNamed } from './api.js';
import { apiToken, apiUrl, type ConnectionOptions } from './connection.js';

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;

interface HttpApiOptions extends ConnectionOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export function createHttpApi({ env, signal, ...connection }: HttpApiOptions): Api {
  const url = apiUrl(connection, env);
  const token = apiToken(connection, env, readIfThere);

  async function send(name: string, ask: Ask): Promise<Response> {
    const route = routeNamed(name);
    const init: RequestInit = {
      method: route.method.toUpperCase(),
      redirect: 'error',
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        // The same for each attempt: an answer that was lost on the way is given again
        ...(route.method === 'post' ? { 'idempotency-key': randomUUID() } : {}),
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...ask.headers,
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    };
    const response = await withRetries(() => fetch(url + addressOf(route, ask), init), url, signal);
    if (!response.ok) throw await refusal(response);
    return response;
  }

  const call = async <Answer>(name: string, ask: Ask = {}): Promise<Answer> => {
    const text = await (await send(name, ask)).text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };

  return {
    url,
    call,
    async *all<Item>(name: string, ask: Ask = {}) {
      let cursor: string | undefined;
      do {
        const query = { limit: 200, ...ask.query, ...(cursor === undefined ? {} : { cursor }) };
        const page = await call<{ items: Item[]; nextCursor?: string | null }>(name, { ...ask, query });
        yield* page.items;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    },
    async stream(name, ask = {}) {
      const { body } = await send(name, ask);
      if (body === null) throw new CommandError(`${name} gave nothing`, EXIT.unavailable);
      return body;
    },
  };
}

async function withRetries(
  send: () => Promise<Response>,
  url: string,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS;
    try {
      const response = await send();
      if (last || (response.status !== 503 && response.status !== 429)) return response;
      await response.body?.cancel();
    } catch (error) {
      if (signal.aborted) throw new CommandError('stopped', EXIT.unavailable);
      if (last)
        throw new CommandError(
          `cannot reach the api at ${url}: ${reasonOf(error)}; is it running, and is that its address? TOCSIN_URL and --url say another`,
          EXIT.unavailable,
        );
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (attempt - 1)));
  }
}

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
};

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

async function refusal(response: Response): Promise<CommandError> {
  const text = await response.text();
  const problem = parseProblem(text);
  const said = problem.detail ?? problem.title ?? `status ${response.status}`;
  // The detail is often made of them
  const fields = (problem.errors ?? [])
    .map(({ field, message }) => `${field}: ${message}`)
    .filter((line) => !said.includes(line))
    .map((line) => `\n  ${line}`)
    .join('');
  const code = problem.code === undefined ? '' : ` (${problem.code})`;
  return new CommandError(said + code + fields, response.status >= 500 ? EXIT.unavailable : EXIT.refused);
}

function parseProblem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
