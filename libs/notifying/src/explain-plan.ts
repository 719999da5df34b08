import type { MuteReason, PlanReason } from './plan.js';

/** What became of one notification, as its row says. */
export interface Planned {
  readonly state: 'planned' | 'delivered' | 'failed' | 'muted';
  readonly reason: string | null;
  /** when the alert was muted: until when */
  readonly mutedUntil?: string | undefined;
}

type Reason = MuteReason | PlanReason | 'superseded' | 'permanent' | 'exhausted' | 'provider_disabled';

const SENTENCES: Readonly<Record<Exclude<Reason, 'muted'>, string>> = {
  told: 'is to be told',
  heard_the_raise: 'heard the beginning, so it is to hear the end',
  recovery_alone: 'is to hear the recovery alone: alerts on failure are switched off',
  failure_not_wanted: 'was not told: alerts on failure are switched off',
  type_not_wanted: 'was not told: this type of alert is switched off',
  provider_disabled: 'was not told: the provider was switched off',
  provider_deleted: 'was not told: the provider had been deleted',
  already_told: 'was not told again: it had heard the beginning',
  did_not_hear: 'was not told of the end: it had not heard the beginning',
  recovery_not_wanted: 'was not told of the recovery: alerts on recovery are switched off',
  success_has_no_end: 'was not told: a success has no end',
  superseded: 'was not told: the alert was over before the news of it could be sent',
  permanent: 'could not be told: it refused in a way that trying again does not change',
  exhausted: 'could not be told: every attempt failed, and there are no more',
};

/** What follows the name of the provider: why it is told, or why it is not. */
export function explainPlan({ state, reason, mutedUntil }: Planned): string {
  if (state === 'delivered') return 'was told';
  if (reason === 'muted')
    return `was not told: muted${mutedUntil === undefined ? '' : ` until ${mutedUntil}`}`;
  if (state === 'failed' && reason === 'provider_disabled')
    return 'could not be told: the provider had been switched off after too many refusals';
  const known = SENTENCES[reason as keyof typeof SENTENCES];
  if (known !== undefined) return known;
  return state === 'planned' ? 'is to be told' : `was not told: ${reason ?? 'no reason is known'}`;
}
