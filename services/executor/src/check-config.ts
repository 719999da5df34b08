import { joinSecrets, monitorKinds } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { MonitorKind } from '@tocsin/monitoring';

/** What `activeFields` gives every kind that has a probe. */
export interface ActiveConfig {
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly retryDelaySeconds: number;
}

export type ParsedConfig = { readonly active: ActiveConfig } | { readonly problem: string };

const MAX_KNOWN = 2_000;
const MAX_KEY = 1_000;
const known = new Map<string, ParsedConfig>();

/**
 * The settings of a check, whole and with their defaults. Most monitors of a kind share the few they have, and reading
 * them afresh costs more than looking them up; those with a secret are never kept.
 */
export function parseConfig(
  kind: MonitorKind,
  open: JsonObject,
  secret: JsonObject | undefined,
): ParsedConfig {
  if (secret !== undefined) return parse(kind, joinSecrets(open, secret));
  const key = `${kind}${JSON.stringify(open)}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const parsed = parse(kind, open);
  if (known.size >= MAX_KNOWN) known.clear();
  if (key.length <= MAX_KEY) known.set(key, parsed);
  return parsed;
}

function parse(kind: MonitorKind, whole: JsonObject): ParsedConfig {
  const parsed = monitorKinds[kind].schema.safeParse(whole);
  if (parsed.success) return { active: parsed.data as ActiveConfig };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { problem: `the settings cannot be used: ${problems.join('; ').slice(0, 500)}` };
}
