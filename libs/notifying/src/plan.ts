import type { AlertRaised, AlertResolved, AlertUnmuted, UntoldReason } from '@tocsin/alerting';
import { assertNever } from '@tocsin/kernel';
import type { TellableEvent } from './alert-event.js';

/** What the plan must know of a provider that exists. */
export interface ProviderStanding {
  readonly enabled: boolean;
  /** it keeps an incident open until told to close it; a provider that only carries messages does not */
  readonly holdsIncident?: boolean | undefined;
}

/** What became of one notification of this alert's raise or unmute. */
export interface Told {
  readonly providerId: string;
  readonly state: 'planned' | 'in_flight' | 'delivered' | 'failed' | 'muted';
}

export type PlanReason = 'told' | 'heard_the_raise' | 'recovery_alone';
export type MuteReason =
  | UntoldReason
  | 'provider_disabled'
  | 'provider_deleted'
  | 'already_told'
  | 'did_not_hear'
  | 'recovery_not_wanted'
  | 'success_has_no_end';

/** One per provider: tell it or do not, and why. */
export type PlannedNotification =
  | { readonly providerId: string; readonly decision: 'planned'; readonly reason: PlanReason }
  | { readonly providerId: string; readonly decision: 'muted'; readonly reason: MuteReason };

type Verdict =
  | { readonly decision: 'planned'; readonly reason: PlanReason }
  | { readonly decision: 'muted'; readonly reason: MuteReason };

/**
 * Who is told of an alert event (design R6).
 *
 * @param heard the notifications of this alert so far
 * @param providers those that exist, by id
 */
export function planNotifications(
  event: TellableEvent,
  heard: readonly Told[],
  providers: ReadonlyMap<string, ProviderStanding>,
): readonly PlannedNotification[] {
  const hearers = new Set(heard.filter(mayHaveHeard).map(({ providerId }) => providerId));
  const involved = new Set(event.data.providers);
  if (event.type === 'alert.resolved') for (const { providerId } of heard) involved.add(providerId);
  return [...involved].map((providerId) => ({
    providerId,
    ...verdict(event, hearers.has(providerId), providers.get(providerId), providerId),
  }));
}

/** A raise that is still being tried may have been heard; one that failed for good was not. */
function mayHaveHeard({ state }: Told): boolean {
  switch (state) {
    case 'planned':
    case 'in_flight':
    case 'delivered':
      return true;
    case 'failed':
    case 'muted':
      return false;
    default:
      return assertNever(state);
  }
}

function verdict(
  { type, data }: TellableEvent,
  heard: boolean,
  provider: ProviderStanding | undefined,
  providerId: string,
): Verdict {
  switch (type) {
    case 'alert.raised':
    case 'alert.unmuted':
      return beginning(data, heard, provider);
    case 'alert.resolved':
      return heard ? endForHearer(data, provider) : endForOthers(data, provider, providerId);
    default:
      return assertNever(type);
  }
}

function beginning(
  data: AlertRaised | AlertUnmuted,
  heard: boolean,
  provider: ProviderStanding | undefined,
): Verdict {
  const untold = 'untold' in data ? data.untold : undefined;
  if (untold !== undefined) return muted(untold);
  if (heard) return muted('already_told');
  return absence(provider) ?? planned('told');
}

/** Switching a provider off keeps new alerts from it, not the end of one it has heard: only deletion can. */
function endForHearer(data: AlertResolved, provider: ProviderStanding | undefined): Verdict {
  if (data.type === 'success') return muted('success_has_no_end');
  if (provider === undefined) return muted('provider_deleted');
  const isRecovery = data.reason === 'recovered' || data.reason === 'ended';
  if (isRecovery && !data.recoveryWanted && provider.holdsIncident !== true)
    return muted('recovery_not_wanted');
  return planned('heard_the_raise');
}

function endForOthers(
  data: AlertResolved,
  provider: ProviderStanding | undefined,
  providerId: string,
): Verdict {
  if (data.type === 'success') return muted('success_has_no_end');
  const recoveryAlone =
    data.raiseUntold === 'failure_not_wanted' &&
    data.recoveryWanted &&
    data.reason === 'recovered' &&
    data.providers.includes(providerId);
  return recoveryAlone ? (absence(provider) ?? planned('recovery_alone')) : muted('did_not_hear');
}

function absence(provider: ProviderStanding | undefined): Verdict | undefined {
  if (provider === undefined) return muted('provider_deleted');
  return provider.enabled ? undefined : muted('provider_disabled');
}

const planned = (reason: PlanReason): Verdict => ({ decision: 'planned', reason });
const muted = (reason: MuteReason): Verdict => ({ decision: 'muted', reason });
