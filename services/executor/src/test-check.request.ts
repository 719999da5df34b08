import type { Msg } from '@nats-io/transport-node';
import { eventSchemas, requests } from '@tocsin/contracts';
import type { Hosted } from '@tocsin/event-log';
import type { JsonObject } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue } from '@tocsin/monitoring';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import type { MonitorSecrets } from './monitor-secrets.request.js';
import { trimResult } from './trim-result.js';
import { untilAborted } from './until-aborted.js';

/** What is asked is a CheckDue; settings of a monitor that is not saved yet may be whole, secrets included. */
export type TestCheckAnswer =
  | { readonly result: CheckCompleted }
  | { readonly error: { readonly code: TestCheckRefusal; readonly message: string } };
export type TestCheckRefusal = 'invalid_request' | 'busy' | 'secret_missing' | 'unavailable';

export interface TestCheckDeps {
  readonly secrets: MonitorSecrets;
  readonly run: (due: CheckDue, secret: JsonObject | undefined) => Promise<CheckCompleted>;
}

/** Tests at once at most: people wait for them, checks that are due come first. */
const AT_ONCE = 20;

/** Makes a check and records nothing. */
export function createTestCheck({
  secrets,
  run,
}: TestCheckDeps): (asked: unknown) => Promise<TestCheckAnswer> {
  let running = 0;

  async function make(due: CheckDue): Promise<TestCheckAnswer> {
    const { monitorId, secretVersion } = due;
    const secret = secretVersion === undefined ? undefined : await secrets.of(monitorId, secretVersion);
    if (secret === 'unavailable') return refusal('unavailable', 'the secret settings cannot be had now');
    if (secret === 'missing') return refusal('secret_missing', 'the secret settings of the monitor are gone');
    return { result: trimResult(await run(due, secret)) };
  }

  return async (asked) => {
    const parsed = eventSchemas.CheckDue.safeParse(asked);
    if (!parsed.success) {
      const [first] = parsed.error.issues;
      return refusal('invalid_request', `${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`);
    }
    if (running >= AT_ONCE) return refusal('busy', `${AT_ONCE} test checks are running; try again shortly`);
    running += 1;
    try {
      return await make(parsed.data);
    } finally {
      running -= 1;
    }
  };
}

const refusal = (code: TestCheckRefusal, message: string): TestCheckAnswer => ({ error: { code, message } });

export interface TestCheckHostOptions {
  readonly nats: Pick<NatsHandle, 'connection'>;
  readonly location: string;
  readonly logger: Logger;
}

/** `@Payload()` of the handler of test checks. */
export interface TestCheckRequest {
  readonly asked: unknown;
  readonly respond: (answer: TestCheckAnswer) => void;
}

/**
 * Hands requests to the `@EventPattern('test-check')`. Not Nest's own NATS transport: that opens a second connection,
 * which fails the start of the service while NATS is away, and keeps no bound on what runs when it is told to stop.
 */
export function testCheckHost({ nats, location, logger }: TestCheckHostOptions): Hosted {
  return {
    pattern: 'test-check',
    async run(handle, signal) {
      const connection = await untilAborted(nats.connection(), signal);
      if (connection === undefined) return;
      const answerOne = async (message: Msg) => {
        try {
          const request: TestCheckRequest = {
            asked: jsonOf(message),
            respond: (answer) => void message.respond(JSON.stringify(answer)),
          };
          await handle(request, undefined);
        } catch (error) {
          logger.error({ err: error }, 'a test check could not be answered');
        }
      };
      const subscription = connection.subscribe(requests.testCheck(location), { queue: 'executors' });
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
      for await (const message of subscription) void answerOne(message);
    },
  };
}

function jsonOf(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
