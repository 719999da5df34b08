import { assertNever, type Instant, msBetween } from '@tocsin/kernel';

/** A provider that does not carry messages: from its first sign until something is delivered or it is configured anew. */
export interface Incident {
  readonly since: Instant;
  readonly reason: string;
  /** absent until the others were told */
  readonly toldAt?: Instant | undefined;
}

export type ProviderSign =
  | { readonly type: 'delivered' }
  /** the breaker is open: it cannot be reached */
  | { readonly type: 'unreachable' }
  /** a notification was given up, or the provider was switched off by itself */
  | { readonly type: 'gave_up'; readonly reason: string };

/** A destination that restarts is nobody's business yet. */
const UNREACHABLE_PATIENCE_MS = 120_000;

/** @returns the incident from now on, and whether the project's other providers are to be told of it now, once */
export function followIncident(
  incident: Incident | undefined,
  sign: ProviderSign,
  now: Instant,
): { readonly incident: Incident | undefined; readonly tell: boolean } {
  switch (sign.type) {
    case 'delivered':
      return { incident: undefined, tell: false };
    case 'gave_up':
      return told(incident ?? { since: now, reason: sign.reason }, true, now);
    case 'unreachable': {
      const open = incident ?? { since: now, reason: 'unreachable' };
      return told(open, msBetween(open.since, now) >= UNREACHABLE_PATIENCE_MS, now);
    }
    default:
      return assertNever(sign);
  }
}

function told(incident: Incident, due: boolean, now: Instant) {
  const tell = due && incident.toldAt === undefined;
  return { incident: tell ? { ...incident, toldAt: now } : incident, tell };
}
