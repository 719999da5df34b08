import { joinSecrets, providerKinds } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { ProviderKind } from '@tocsin/notifying';
import { type Provider, providers } from '../providers/index.js';

export type Settings =
  | { readonly ok: true; readonly provider: Provider; readonly config: unknown }
  | { readonly ok: false; readonly problem: string };

/** The whole settings of a provider, checked once more: what is stored may be older than the code that reads it. */
export function settingsOf(kind: string, open: JsonObject, secret: JsonObject): Settings {
  if (!isKind(kind)) return { ok: false, problem: `no provider kind "${kind}" is known` };
  const parsed = providerKinds[kind].schema.safeParse(joinSecrets(open, secret));
  if (parsed.success) return { ok: true, provider: providers[kind], config: parsed.data };
  const [first] = parsed.error.issues;
  // The path alone: a message may quote what was given.
  return {
    ok: false,
    problem: `the setting ${first?.path.join('.') || 'config'} is not valid: enter it again`,
  };
}

const isKind = (kind: string): kind is ProviderKind => Object.hasOwn(providers, kind);

/** For a kind nobody knows: what cannot be sent needs no rate of its own. */
export const rateOf = (kind: string) => (isKind(kind) ? providers[kind].rate : { perSecond: 1, burst: 1 });
