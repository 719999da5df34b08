import { assertNever } from '@tocsin/kernel';
import type { AlertRaised, AlertType, PolicyChanged } from './alert.js';
import {
  type AlertEvent,
  type Episode,
  isCounting,
  type LocationState,
  NO_TIMEOUTS,
  recentRaises,
  startOver,
  type TargetState,
  watchedLocations,
} from './target-state.js';

/** What an event on the alert log means for the state. The counters are not its business: `count` moves them. */
export function evolve(state: TargetState, event: AlertEvent): TargetState {
  switch (event.type) {
    case 'AlertRaised':
      return raised(state, event.data);
    case 'AlertUnmuted':
      return changeEpisode(state, event.data.type, event.data.alertId, (episode) => {
        const { untold: _told, ...rest } = episode;
        return { ...rest, unmutedAt: event.data.unmutedAt };
      });
    case 'AlertResolved': {
      if (state.episodes[event.data.type]?.alertId !== event.data.alertId) return state;
      const { [event.data.type]: _ended, ...episodes } = state.episodes;
      return { ...state, episodes };
    }
    case 'AlertAcknowledged': {
      const { alertId, acknowledgedAt } = event.data;
      const type = (Object.keys(state.episodes) as AlertType[]).find(
        (open) => state.episodes[open]?.alertId === alertId,
      );
      if (type === undefined) return state;
      return changeEpisode(state, type, alertId, (episode) => ({ ...episode, acknowledgedAt }));
    }
    case 'PolicyChanged':
      return policyChanged(state, event.data);
    default:
      return assertNever(event);
  }
}

function raised(state: TargetState, alert: AlertRaised): TargetState {
  const countsAsFlap = alert.type === 'failure' || alert.type === 'timeout';
  const raises = countsAsFlap
    ? [...recentRaises(state.raises, alert.raisedAt), alert.raisedAt]
    : state.raises;
  const flapThreshold = state.policy?.alertConfig.flapThreshold ?? 0;
  const episode: Episode = {
    alertId: alert.alertId,
    raisedAt: alert.raisedAt,
    since: alert.since,
    ...(alert.untold === undefined ? {} : { untold: alert.untold }),
    flapping: countsAsFlap && flapThreshold > 0 && raises.length >= flapThreshold,
  };
  return {
    ...state,
    episodes: { ...state.episodes, [alert.type]: episode },
    raises,
    ...(alert.type === 'ssl_expiring' ? { sslRaisedAt: alert.raisedAt } : {}),
  };
}

function changeEpisode(
  state: TargetState,
  type: AlertType,
  alertId: string,
  change: (episode: Episode) => Episode,
): TargetState {
  const episode = state.episodes[type];
  if (episode?.alertId !== alertId) return state;
  return { ...state, episodes: { ...state.episodes, [type]: change(episode) } };
}

/** Zero while not watched (R8), and for a location that is no longer asked: otherwise a policy edit keeps counters. */
function policyChanged(state: TargetState, policy: PolicyChanged): TargetState {
  const next = { ...state, policy };
  const counting = isCounting(policy);
  const watched = new Set(watchedLocations(next));
  const locations = Object.fromEntries(
    Object.entries(state.locations).map(([name, location]) => [
      name,
      counting && watched.has(name) ? judgedAnew(location, next) : startOver(location),
    ]),
  );
  const keepTimeouts = counting && policy.alertConfig.alertOnTimeout;
  return { ...next, locations, timeouts: keepTimeouts ? state.timeouts : NO_TIMEOUTS };
}

/** A location that failed by a lower threshold is not failing by a higher one, unless an alert says so already. */
function judgedAnew(location: LocationState, { policy, episodes }: TargetState): LocationState {
  const { failing, consecutiveFailures } = location;
  if (!failing || episodes.failure !== undefined || consecutiveFailures === 0) return location;
  const threshold = policy?.alertConfig.failureThreshold ?? 1;
  return consecutiveFailures >= threshold ? location : { ...location, failing: false };
}
