import type { Account } from '../ledger.js';
import { clamp } from '../mapping.js';
import type { GatusEndpoint } from './config.js';
import { durationMs } from './duration.js';

const TIMEOUT_MS = 10_000;

export function timeoutOf({ client }: GatusEndpoint, account: Account): number {
  const ms = durationMs(client?.timeout);
  const seconds = clamp(Math.ceil((ms ?? TIMEOUT_MS) / 1_000), 1, 120);
  const key = ['client', 'timeout'];
  if (client?.timeout !== undefined && ms === undefined)
    account.left(key, 'not a duration', 'set config.timeoutSeconds');
  else account.changed(key, 'config.timeoutSeconds', `${seconds} seconds`);
  return seconds;
}
