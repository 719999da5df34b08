import type { Instant } from '@tocsin/kernel';
import { type AlertEpisode, detectionDelayMs } from './episode.js';
import type { Nights } from './nights.js';

/** Alerts of a period, in numbers. */
export interface AlertSum {
  readonly alerts: number;
  /** times that people were called */
  readonly pages: number;
  readonly pagesAtNight: number;
  readonly pagesPerNight: number;
  /** from the first failing check to the alert, of alerts on failures; null without any */
  readonly detectionDelayMs: { readonly mean: number; readonly max: number } | null;
}

export interface NightSum {
  readonly night: string;
  readonly before: number;
  readonly after: number;
}

export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

const inPeriod = ({ from, to }: Period, at: Instant | undefined): at is Instant =>
  at !== undefined && at >= from && at < to;

/** Adds up episode after episode; of any number of targets. */
export function createSum(period: Period, nights: Nights) {
  const pagesOfNight = new Map<string, number>();
  let alerts = 0;
  let pages = 0;
  let delays = 0;
  let delay = 0;
  let longest = 0;
  return {
    add(episodes: readonly AlertEpisode[]): void {
      for (const episode of episodes) {
        if (inPeriod(period, episode.pagedAt)) {
          pages += 1;
          const night = nights.nightOf(episode.pagedAt);
          if (night !== undefined) pagesOfNight.set(night, (pagesOfNight.get(night) ?? 0) + 1);
        }
        if (!inPeriod(period, episode.raisedAt)) continue;
        alerts += 1;
        if (episode.type !== 'failure' && episode.type !== 'timeout') continue;
        const took = detectionDelayMs(episode);
        delays += 1;
        delay += took;
        longest = Math.max(longest, took);
      }
    },
    pagesOf: (night: string) => pagesOfNight.get(night) ?? 0,
    sum(nightCount: number): AlertSum {
      const atNight = [...pagesOfNight.values()].reduce((sum, count) => sum + count, 0);
      return {
        alerts,
        pages,
        pagesAtNight: atNight,
        pagesPerNight: nightCount === 0 ? 0 : atNight / nightCount,
        detectionDelayMs: delays === 0 ? null : { mean: Math.round(delay / delays), max: longest },
      };
    },
  };
}
