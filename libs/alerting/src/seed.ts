import type { Instant } from '@tocsin/kernel';
import { msBetween } from '@tocsin/kernel';
import type { AlertType, Evidence, UntoldReason } from './alert.js';
import type { AlertEpisode } from './episode.js';
import {
  FLAP_WINDOW_MS,
  INITIAL_LOCATION,
  INITIAL_TARGET_STATE,
  type LocationState,
  type TargetState,
} from './target-state.js';

const ERRORS_OF_AN_ALERT = 5;

/** An alert as the log has it. */
export interface KnownAlert {
  readonly id: string;
  readonly type: AlertType;
  readonly since: Instant;
  readonly raisedAt: Instant;
  readonly untold?: UntoldReason | undefined;
  readonly unmutedAt?: Instant | undefined;
  readonly resolvedAt?: Instant | undefined;
  readonly locations: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly resolvedEvidence: readonly Evidence[];
}

export interface Seed {
  readonly seed: TargetState;
  readonly open: readonly AlertEpisode[];
}

/**
 * What the rules may have known of a target at an instant, as far as the alerts of the log say so.
 * @param flapThreshold of the policy in force then
 */
export function seedAt(at: Instant, alerts: readonly KnownAlert[], flapThreshold = 0): Seed {
  const past = alerts.filter(({ raisedAt }) => raisedAt < at);
  const open = past.filter(({ resolvedAt }) => resolvedAt === undefined || resolvedAt >= at);
  let state: TargetState = {
    ...INITIAL_TARGET_STATE,
    raises: past
      .filter(({ type, raisedAt }) => isFlap(type) && msBetween(raisedAt, at) < FLAP_WINDOW_MS)
      .map(({ raisedAt }) => raisedAt)
      .toSorted(),
  };
  const ssl = past.filter(({ type }) => type === 'ssl_expiring').map(({ raisedAt }) => raisedAt);
  if (ssl.length > 0) state = { ...state, sslRaisedAt: ssl.toSorted().at(-1) };
  for (const alert of open) {
    const raises = past.filter((one) => isFlap(one.type) && isWithinHour(one.raisedAt, alert.raisedAt));
    const flapping = isFlap(alert.type) && flapThreshold > 0 && raises.length >= flapThreshold;
    state = withOpen(state, alert, at, flapping);
  }
  return { seed: state, open: open.map((alert) => ({ ...episodeOf(alert, at) })) };
}

const isWithinHour = (earlier: Instant, at: Instant) =>
  earlier <= at && msBetween(earlier, at) < FLAP_WINDOW_MS;

const isFlap = (type: AlertType) => type === 'failure' || type === 'timeout';

function withOpen(state: TargetState, alert: KnownAlert, at: Instant, flapping: boolean): TargetState {
  const { id, type, raisedAt, since, locations, evidence } = alert;
  const untold = untoldAt(alert, at);
  const episode = {
    alertId: id,
    raisedAt,
    since,
    flapping,
    ...(untold === undefined ? {} : { untold }),
  };
  const named = Object.fromEntries(
    locations.map((name) => {
      const before = state.locations[name] ?? INITIAL_LOCATION;
      return [name, { ...before, ...troubleOf(alert, name) }];
    }),
  );
  return {
    ...state,
    episodes: { ...state.episodes, [type]: episode },
    locations: { ...state.locations, ...named },
    ...(type === 'timeout' ? { timeouts: { count: evidence.length, since, recent: evidence } } : {}),
  };
}

function troubleOf({ type, since, evidence }: KnownAlert, name: string): Partial<LocationState> {
  const here = evidence.filter(({ location }) => location === name);
  const lastSlot =
    here
      .map(({ slot }) => slot)
      .toSorted()
      .at(-1) ?? since;
  if (type === 'failure')
    return {
      failing: true,
      failingSince: since,
      consecutiveFailures: Math.max(1, here.length),
      recent: here,
      lastSlot,
    };
  if (type === 'ssl_expiring') return { expiringSince: since, lastSlot };
  if (type === 'unobservable') return { consecutiveErrors: ERRORS_OF_AN_ALERT, errorsSince: since, lastSlot };
  return { lastSlot };
}

const untoldAt = ({ untold, unmutedAt }: KnownAlert, at: Instant): UntoldReason | undefined =>
  unmutedAt !== undefined ? (unmutedAt < at ? undefined : (untold ?? 'muted')) : untold;

function episodeOf(alert: KnownAlert, at: Instant): AlertEpisode {
  const untold = untoldAt(alert, at);
  const { id: alertId, type, since, raisedAt, unmutedAt } = alert;
  return {
    alertId,
    type,
    since,
    raisedAt,
    ...(untold === undefined ? { pagedAt: unmutedAt ?? raisedAt } : { untold }),
  };
}
