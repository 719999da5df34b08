import { setTimeout as delay } from 'node:timers/promises';
import type { Egress } from '@tocsin/egress';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { Message } from '@tocsin/notifying';
import type { SendOutcome, SmtpDefaults } from '../providers/index.js';
import { settingsOf } from '../settings/provider-settings.js';
import type { RecordSecrets } from '../settings/record-secrets.store.js';

export interface AttemptDeps {
  readonly secrets: RecordSecrets;
  readonly egress: Egress;
  readonly smtp: SmtpDefaults | undefined;
  readonly now: () => Instant;
  readonly timeoutMs: number;
  readonly onBug: (error: unknown) => void;
}

export interface Attempt {
  readonly providerId: string;
  readonly kind: string;
  readonly config: JsonObject;
  readonly secretVersion: number | null;
  readonly notificationId: string;
  readonly number: number;
  readonly message: () => Message;
}

export interface Attempted {
  readonly outcome: SendOutcome;
  /** it never left this house */
  readonly ownFault: boolean;
}

/** A send that outlives its own bound is given up after this much more, milliseconds. */
const GRACE_MS = 5_000;

const unsent = (result: 'retry' | 'permanent', reason: string, excerpt: string): Attempted => ({
  outcome: { result, reason, answer: { status: 0, excerpt } },
  ownFault: true,
});

/** One try at sending. Never throws: what goes wrong is an outcome. */
export async function attempt(one: Attempt, deps: AttemptDeps): Promise<Attempted> {
  let secret: JsonObject | undefined = {};
  if (one.secretVersion !== null) {
    try {
      secret = await deps.secrets.of(one.providerId, one.secretVersion);
    } catch (error) {
      deps.onBug(error);
      return unsent(
        'retry',
        'secret_unavailable',
        'the secret settings cannot be read now; see the notifier log',
      );
    }
    if (secret === undefined)
      return unsent('retry', 'secret_missing', 'the secret settings of this revision are not there');
  }
  const settings = settingsOf(one.kind, one.config, secret);
  if (!settings.ok) return unsent('permanent', 'settings_invalid', settings.problem);
  try {
    const { now, timeoutMs, egress, smtp } = deps;
    const context = {
      notificationId: one.notificationId,
      attempt: one.number,
      now: now(),
      timeoutMs,
      egress,
      smtp,
    };
    const late = new AbortController();
    const overdue = delay(timeoutMs + GRACE_MS, undefined, { signal: late.signal }).then(
      (): SendOutcome => ({
        result: 'retry',
        reason: 'timeout',
        answer: { status: 0, excerpt: 'no outcome in time' },
      }),
    );
    // Aborted once the race is over.
    overdue.catch(() => undefined);
    const outcome = await Promise.race([
      settings.provider.send(one.message(), settings.config, context),
      overdue,
    ]).finally(() => late.abort());
    return { outcome, ownFault: false };
  } catch (error) {
    deps.onBug(error);
    return unsent('retry', 'unexpected_error', 'the notifier could not make this attempt; see its log');
  }
}
