import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 5000;

interface LiveData {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface Seen<Data = LiveData> {
  readonly id: string;
  readonly event: string;
  readonly data: Data;
}

export interface Source<Data = LiveData> {
  readonly status: number;
  readonly headers: Headers;
  readonly events: Seen<Data>[];
  /** comments and all, as it came */
  text(): string;
  /** what a client would send as `Last-Event-ID` */
  lastId(): string;
  /** resolves when there are so many events */
  until(count: number): Promise<Seen<Data>[]>;
  /** resolves when the server ended it */
  ended: Promise<void>;
  close(): void;
}

/** What a browser makes of a stream, as far as the tests look. */
export async function openSource<Data = LiveData>(
  url: string,
  token: string,
  { path = '/events', query = '', lastId }: { path?: string; query?: string; lastId?: string } = {},
): Promise<Source<Data>> {
  const closing = new AbortController();
  const response = await fetch(`${url}/api/v1${path}${query}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    },
    signal: closing.signal,
  });
  const events: Seen<Data>[] = [];
  let text = '';
  let rest = '';
  let id = lastId ?? '';
  const read = async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
        );
        id = fields.id ?? id;
        if (fields.data !== undefined)
          events.push({ id, event: fields.event ?? '', data: JSON.parse(fields.data) as Data });
      }
    }
  };
  const ended = read().catch(() => undefined);
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    lastId: () => id,
    until: async (count) => {
      for (const end = performance.now() + PATIENCE_MS; events.length < count; await delay(5))
        if (performance.now() > end)
          throw new Error(`${events.length} of ${count} events: ${text.slice(-500)}`);
      return events;
    },
    ended,
    close: () => closing.abort(),
  };
}
