import { type Instant, msBetween } from '@tocsin/kernel';
import type { AlertType, ResolveReason, UntoldReason } from './alert.js';
import type { AlertEvent } from './target-state.js';

/** One alert from its raise to its end, as somebody would tell of it afterwards. */
export interface AlertEpisode {
  readonly alertId: string;
  readonly type: AlertType;
  readonly since: Instant;
  readonly raisedAt: Instant;
  /** why the raise was not told; absent when it was, then or later */
  readonly untold?: UntoldReason | undefined;
  /** when people were called: at the raise, or when a mute ended; absent when they were not */
  readonly pagedAt?: Instant | undefined;
  readonly resolvedAt?: Instant | undefined;
  readonly resolvedReason?: ResolveReason | undefined;
}

/** @param known episodes that were open before the first event */
export function episodesOf(
  events: readonly AlertEvent[],
  known: readonly AlertEpisode[] = [],
): readonly AlertEpisode[] {
  const episodes = new Map(known.map((episode) => [episode.alertId, episode]));
  const change = (id: string, more: Partial<AlertEpisode>) => {
    const before = episodes.get(id);
    if (before !== undefined) episodes.set(id, { ...before, ...more });
  };
  for (const event of events) {
    if (event.type === 'AlertRaised') {
      const { alertId, type, since, raisedAt, untold, providers } = event.data;
      const isTold = untold === undefined && providers.length > 0;
      episodes.set(alertId, {
        alertId,
        type,
        since,
        raisedAt,
        ...(untold === undefined ? {} : { untold }),
        ...(isTold ? { pagedAt: raisedAt } : {}),
      });
    } else if (event.type === 'AlertUnmuted') {
      const pagedAt = event.data.providers.length > 0 ? event.data.unmutedAt : undefined;
      change(event.data.alertId, { untold: undefined, pagedAt });
    } else if (event.type === 'AlertResolved')
      change(event.data.alertId, {
        resolvedAt: event.data.resolvedAt,
        resolvedReason: event.data.reason,
      });
  }
  return [...episodes.values()];
}

/** From the first failing check to the alert. */
export const detectionDelayMs = ({ since, raisedAt }: AlertEpisode): number =>
  Math.max(0, msBetween(since, raisedAt));

export interface EpisodePair {
  readonly before: AlertEpisode;
  readonly after: AlertEpisode;
}

export interface Compared {
  readonly added: readonly AlertEpisode[];
  /** `within`: the alert that goes on where this one would have been raised anew */
  readonly removed: readonly { readonly before: AlertEpisode; readonly within?: string }[];
  /** the same trouble, told at another time, ended otherwise, or told where it was not */
  readonly changed: readonly EpisodePair[];
  readonly same: number;
}

/** Alerts are the same trouble when they are of a type and their times overlap: the first of each that do. */
export function compareEpisodes(before: readonly AlertEpisode[], after: readonly AlertEpisode[]): Compared {
  const free = new Set(after.toSorted(byBeginning));
  const removed: { before: AlertEpisode; within?: string }[] = [];
  const changed: EpisodePair[] = [];
  let same = 0;
  for (const one of before.toSorted(byBeginning)) {
    const twin = [...free].find((other) => overlap(one, other));
    if (twin === undefined) {
      const within = after.find((other) => overlap(one, other))?.alertId;
      removed.push({ before: one, ...(within === undefined ? {} : { within }) });
      continue;
    }
    free.delete(twin);
    if (isSame(one, twin)) same += 1;
    else changed.push({ before: one, after: twin });
  }
  return { added: [...free], removed, changed, same };
}

const byBeginning = (a: AlertEpisode, b: AlertEpisode) =>
  a.raisedAt < b.raisedAt ? -1 : Number(a.raisedAt > b.raisedAt);

const overlap = (a: AlertEpisode, b: AlertEpisode): boolean =>
  a.type === b.type && startsWithin(a, b) && startsWithin(b, a);

const startsWithin = (a: AlertEpisode, { resolvedAt }: AlertEpisode): boolean =>
  resolvedAt === undefined || a.since <= resolvedAt;

const isSame = (a: AlertEpisode, b: AlertEpisode): boolean =>
  a.raisedAt === b.raisedAt &&
  a.resolvedAt === b.resolvedAt &&
  a.resolvedReason === b.resolvedReason &&
  a.pagedAt === b.pagedAt &&
  a.untold === b.untold;
