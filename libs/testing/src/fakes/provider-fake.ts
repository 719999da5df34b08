import { type FakeAnswer, type FakeRequest, serveHttp } from './serve-http.js';

/** A number is a bare status. `lose_answer`: the message is accepted and kept, the connection cut before the answer. */
export type FakeFault = FakeAnswer | number | 'lose_answer';

/** What a protocol makes of one request. */
export type Verdict<Received> =
  | { readonly received: Received; readonly answer: FakeAnswer }
  | { readonly problem: string; readonly answer: FakeAnswer };

export interface Protocol<Received> {
  read(request: FakeRequest): Verdict<Received>;
  /** the protocol's own words for "too many requests" */
  tooMany(retryAfterSeconds: number): FakeAnswer;
}

export interface SeenRequest {
  /** milliseconds since the Unix epoch */
  readonly at: number;
  /** 0 when the connection was cut or left hanging */
  readonly status: number;
  /** what the protocol had against the request; empty when nothing */
  readonly problem: string;
}

export interface ProviderFake<Received> {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** messages the protocol accepted, oldest first */
  readonly received: readonly Received[];
  /** every request, the refused ones too */
  readonly requests: readonly SeenRequest[];
  /** requests that came while a rate limit was in force, although the fake had said how long it lasts */
  tooSoon(): number;
  /** Answers the next requests with these, one each. */
  failNext(...faults: readonly FakeFault[]): void;
  /** Answers every request with this until `heal`. */
  fail(fault: FakeFault): void;
  /** Forgets faults and rate limits. */
  heal(): void;
  /** The next request starts a window of that many seconds in which everything is refused as too many. */
  rateLimit(retryAfterSeconds: number): void;
  stop(): Promise<void>;
}

export interface FakeOptions {
  /** milliseconds since the Unix epoch; moved by tests that move time */
  readonly now?: () => number;
}

export async function startProviderFake<Received>(
  protocol: Protocol<Received>,
  { now = Date.now }: FakeOptions,
): Promise<ProviderFake<Received>> {
  const received: Received[] = [];
  const requests: SeenRequest[] = [];
  const next: FakeFault[] = [];
  let standing: FakeFault | undefined;
  let windowSeconds: number | undefined;
  let refusedUntil = 0;
  let early = 0;

  const limited = (): FakeAnswer | undefined => {
    if (now() < refusedUntil) {
      early += 1;
      return protocol.tooMany((refusedUntil - now()) / 1000);
    }
    if (windowSeconds === undefined) return undefined;
    const seconds = windowSeconds;
    windowSeconds = undefined;
    refusedUntil = now() + seconds * 1000;
    return protocol.tooMany(seconds);
  };

  const decide = (request: FakeRequest): { answer: FakeAnswer; problem: string } => {
    const fault = next.shift() ?? standing;
    if (typeof fault === 'number') return { answer: { status: fault }, problem: '' };
    if (fault !== undefined && fault !== 'lose_answer') return { answer: fault, problem: '' };
    const refused = limited();
    if (refused) return { answer: refused, problem: '' };
    const verdict = protocol.read(request);
    if ('problem' in verdict) return { answer: verdict.answer, problem: verdict.problem };
    received.push(verdict.received);
    return { answer: fault === 'lose_answer' ? 'reset' : verdict.answer, problem: '' };
  };

  const server = await serveHttp(
    (request) => {
      const { answer, problem } = decide(request);
      requests.push({ at: request.at, status: typeof answer === 'string' ? 0 : answer.status, problem });
      return answer;
    },
    { now },
  );

  return {
    origin: server.url,
    received,
    requests,
    tooSoon: () => early,
    failNext: (...faults) => void next.push(...faults),
    fail: (fault) => {
      standing = fault;
    },
    heal: () => {
      next.length = 0;
      standing = undefined;
      windowSeconds = undefined;
      refusedUntil = 0;
    },
    rateLimit: (retryAfterSeconds) => {
      windowSeconds = retryAfterSeconds;
    },
    stop: server.stop,
  };
}
