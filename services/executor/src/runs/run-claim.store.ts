import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { ARTIFACT_BUCKET } from '@tocsin/contracts';
import type { NatsHandle } from '@tocsin/service-kit';

/** `unknown`: it cannot be said now. */
export type Claim = 'first' | 'taken' | 'unknown';

export interface RunClaims {
  /** Says for good that somebody began this run. @returns whether nobody had before */
  claim(runId: string): Promise<Claim>;
}

const ANSWER_MS = 1_500;
const TRIES = 3;
const WRONG_LAST_SEQUENCE = 10_071;

/**
 * How often a run was delivered does not say how often it was begun: a connection that broke, or a stop, hands out
 * again what nobody had begun. So the beginning is written where its artifacts go, once: the server takes the first
 * message of the subject and refuses every other.
 */
export function createRunClaims(nats: Pick<NatsHandle, 'connection'>): RunClaims {
  return {
    async claim(runId) {
      const js = jetstream(await nats.connection(), { timeout: ANSWER_MS });
      // The same for each try: one whose answer was lost is a repeat, not somebody else's.
      const msgID = `${runId}:${crypto.randomUUID()}`;
      for (let attempt = 1; attempt <= TRIES; attempt += 1) {
        try {
          await js.publish(`$O.${ARTIFACT_BUCKET.name}.C.begun.${runId}`, undefined, {
            msgID,
            expect: { lastSubjectSequence: 0 },
            timeout: ANSWER_MS,
            retries: 0,
          });
          return 'first';
        } catch (error) {
          if (error instanceof JetStreamApiError)
            return error.code === WRONG_LAST_SEQUENCE ? 'taken' : 'unknown';
          await delay(attempt * 100);
        }
      }
      return 'unknown';
    },
  };
}
