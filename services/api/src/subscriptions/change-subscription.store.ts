import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { SubscriptionConfig } from '@tocsin/contracts';
import { parseInput, type SubscriptionInput, subscriptionInput } from '@tocsin/http-api';
import { DomainError, type Instant, type JsonObject, newId } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import { requireRevision } from '../changes/revision.js';
import type { SubscriptionRow } from '../database.js';
import type { Call, Caller } from '../http/call.js';
import { fillMasked, isObject, originOf, refuseMasks } from '../secrets/masked.js';
import { fullSettings, storeSettings } from '../secrets/settings.store.js';
import type { SecretKeys } from '../wiring.js';
import { columnsOf, secretPathsOf, settingsOf, shownOf, startOf } from './subscription.js';
import { lockSubscription, requireRoom, saveSubscription } from './subscription.store.js';

const SECRET_BYTES = 32;
export const newSigningSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

export interface Changed {
  readonly row: SubscriptionRow;
  /** to be shown this once */
  readonly signingSecret?: string | undefined;
}

export async function createSubscription(
  tx: Tx,
  { caller, body }: Call<SubscriptionInput>,
  keys: SecretKeys,
  now: Instant,
): Promise<Changed> {
  await requireRoom(tx, caller.project);
  const id = newId();
  const signingSecret = newSigningSecret();
  const config: SubscriptionConfig = { ...settingsOf(body), signingSecret, startRevision: 1 };
  const paths = secretPathsOf(config);
  const full = config as unknown as JsonObject;
  refuseMasks(full, paths, '');
  const row: SubscriptionRow = {
    id,
    project: caller.project,
    ...columnsOf(body),
    start_at: startOf(body.from, now),
    ...(await storeSettings(tx, { kind: 'subscription', id, revision: 1, full, paths, now }, keys)),
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveSubscription(tx, caller, row);
  return { row, signingSecret };
}

/**
 * 1. load, 2. fill in what was masked and parse the whole, 3. write. A secret that vouched for us to one address is no
 * other address's to know: who moves the subscription gets a new one.
 * @param next the subscription as it shall be, made of how it was shown
 */
export async function reviseSubscription(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  keys: SecretKeys,
  now: Instant,
): Promise<Changed> {
  const { row: before, full } = await load(tx, call, keys);
  const input = parseWhole(full, next(shownOf(before)));
  const settings = settingsOf(input);
  refuseMasks(settings, secretPathsOf({ ...full, ...settings }), '');
  const signingSecret = originOf(full.url) === originOf(input.url) ? undefined : newSigningSecret();
  const config =
    signingSecret === undefined
      ? { ...full, ...settings }
      : { ...withoutPrevious(full), ...settings, signingSecret };
  const row = await save(tx, call.caller, { before, full, config, columns: columnsOf(input), keys, now });
  return { row, signingSecret };
}

/** For what a person does to one that is not told by its fields alone. */
export async function changeSettings(
  tx: Tx,
  call: Call,
  change: (
    full: SubscriptionConfig,
    revision: number,
  ) => {
    readonly config: SubscriptionConfig;
    readonly columns?: Partial<Pick<SubscriptionRow, 'enabled' | 'start_at'>>;
  },
  keys: SecretKeys,
  now: Instant,
): Promise<SubscriptionRow> {
  const { row: before, full } = await load(tx, call, keys);
  const { config, columns = {} } = change(full, before.revision + 1);
  return await save(tx, call.caller, { before, full, config, columns, keys, now });
}

export function withoutPrevious(full: SubscriptionConfig): SubscriptionConfig {
  const { previousSigningSecret: _secret, previousSecretUntil: _until, ...rest } = full;
  return rest;
}

async function load(tx: Tx, call: Call, keys: SecretKeys) {
  const row = await lockSubscription(tx, call.caller.project, call.id);
  requireRevision(call, row.revision);
  const full = (await fullSettings(tx, 'subscription', row, keys)) as unknown as SubscriptionConfig;
  return { row, full: { ...full, headers: full.headers ?? {} } };
}

interface Revision {
  readonly before: SubscriptionRow;
  readonly full: SubscriptionConfig;
  readonly config: SubscriptionConfig;
  readonly columns: Partial<Pick<SubscriptionRow, 'name' | 'enabled' | 'event_types' | 'start_at'>>;
  readonly keys: SecretKeys;
  readonly now: Instant;
}

async function save(
  tx: Tx,
  caller: Caller,
  { before, full, config, columns, keys, now }: Revision,
): Promise<SubscriptionRow> {
  const same = { ...before, ...columns };
  if (isDeepStrictEqual(same, before) && isDeepStrictEqual(config, full)) return before;
  const { id, secret_version: secretVersion } = before;
  const revision = before.revision + 1;
  const given = {
    kind: 'subscription' as const,
    id,
    revision,
    now,
    full: config as unknown as JsonObject,
    paths: secretPathsOf(config),
    before: { full: full as unknown as JsonObject, secretVersion },
  };
  const row = { ...same, ...(await storeSettings(tx, given, keys)), revision, updated_at: now };
  await saveSubscription(tx, caller, row);
  return row;
}

function parseWhole(stored: SubscriptionConfig, whole: unknown): SubscriptionInput {
  if (!isObject(whole)) return parseInput(subscriptionInput, whole);
  if (whole.from !== undefined) {
    const message = 'is for when it is created: use /replay to have it begin elsewhere';
    throw new DomainError('validation_failed', `from: ${message}`, [{ field: 'from', message }]);
  }
  const filled = fillMasked({
    config: whole,
    stored: { url: stored.url, headers: stored.headers },
    paths: secretPathsOf(stored).filter(([first]) => first === 'url' || first === 'headers'),
    isMoved: (next) => originOf(next.url) !== originOf(stored.url),
    within: '',
  });
  return parseInput(subscriptionInput, filled);
}
