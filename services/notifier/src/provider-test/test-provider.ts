import { type JsonObject, newId } from '@tocsin/kernel';
import { testMessage } from '@tocsin/notifying';
import { z } from 'zod';
import type { ProviderRow } from '../planning/plan-batch.js';
import { type AttemptDeps, attempt } from '../sending/attempt.request.js';
import { outcomeName } from '../sending/ledger.store.js';

const settings = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** A stored provider, or settings that are not stored yet. */
const request = z.union([
  z.object({
    providerId: z.guid(),
    /** at least this one: the caller has just stored it */
    revision: z.int().min(1).optional(),
    project: z.string().optional(),
  }),
  z.object({
    type: z.string(),
    config: settings,
    name: z.string().default('this provider'),
    project: z.string().default('default'),
  }),
]);

/** The asker's answer; `not_now` may work later, `never` will not until somebody changes something. */
export interface TestAnswer {
  readonly result: 'delivered' | 'not_now' | 'never';
  readonly status: number;
  readonly excerpt: string;
  readonly reason?: string;
}

export interface TestProviderDeps extends AttemptDeps {
  readonly publicUrl: string;
  readonly findProvider: (id: string) => Promise<ProviderRow | undefined>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** A provider that was stored a moment ago is waited for this long. */
const PATIENCE_MS = 2_000;
const STEP_MS = 25;

export const refusal = (result: 'not_now' | 'never', reason: string, excerpt: string): TestAnswer => ({
  result,
  status: 0,
  excerpt,
  reason,
});

interface Stored {
  readonly revision: number;
  readonly project: string;
  readonly deleted: boolean;
}

/** undefined when there is none of the project, or not of that revision in time */
export async function storedRecord<Row extends Stored>(
  find: () => Promise<Row | undefined>,
  revision: number,
  project: string | undefined,
  sleep: (ms: number) => Promise<unknown>,
): Promise<Row | undefined> {
  for (let waited = 0; ; waited += STEP_MS) {
    const found = await find();
    const isThere = found !== undefined && found.revision >= revision;
    if (isThere && !found.deleted && (project ?? found.project) === found.project) return found;
    if (isThere || waited >= PATIENCE_MS) return undefined;
    await sleep(STEP_MS);
  }
}

/** Tries a provider now, once, and records nothing. */
export function createTestProvider(deps: TestProviderDeps): (asked: unknown) => Promise<TestAnswer> {
  async function subject(asked: z.output<typeof request>) {
    if ('providerId' in asked) {
      const find = () => deps.findProvider(asked.providerId);
      const found = await storedRecord(find, asked.revision ?? 1, asked.project, deps.sleep);
      if (found === undefined) return undefined;
      const { id, kind, name, project, config, secret_version: secretVersion } = found;
      return { id, kind, name, project, config, secretVersion };
    }
    const { type: kind, name, project, config } = asked;
    return { id: newId(), kind, name, project, config, secretVersion: null };
  }

  return async (asked) => {
    const parsed = request.safeParse(asked);
    if (!parsed.success)
      return refusal('never', 'invalid_request', 'neither a providerId nor a type with its config');
    const found = await subject(parsed.data);
    if (found === undefined)
      return refusal(
        'not_now',
        'provider_unknown',
        'the notifier does not know this provider yet; try again',
      );
    const { id: providerId, kind, name, project, config, secretVersion } = found;
    const { outcome } = await attempt(
      {
        providerId,
        kind,
        config,
        secretVersion,
        notificationId: newId(),
        number: 1,
        message: () =>
          testMessage({ project, providerName: name, publicUrl: deps.publicUrl, now: deps.now() }),
      },
      deps,
    );
    return {
      result: outcomeName(outcome.result),
      ...outcome.answer,
      ...(outcome.result === 'delivered' ? {} : { reason: outcome.reason }),
    };
  };
}
