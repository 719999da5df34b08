import { durationText } from '../amounts.js';

/** `told after 3 failures in a row, about 3 min` */
export const failureWords = (count: number | undefined, intervalSeconds?: number): string =>
  countWords(count, intervalSeconds, 'told', 'failure', 'failures');

/** `over after 2 successes in a row, about 2 min` */
export const recoveryWords = (count: number | undefined, intervalSeconds?: number): string =>
  countWords(count, intervalSeconds, 'over', 'success', 'successes');

function countWords(
  count: number | undefined,
  intervalSeconds: number | undefined,
  then: string,
  one: string,
  many: string,
): string {
  if (count === undefined || !Number.isInteger(count) || count < 1)
    return `how many ${many} in a row it takes`;
  if (count === 1) return `${then} at the first ${one}`;
  // What breaks just after a check was made waits a whole interval for the first one that sees it.
  const about =
    intervalSeconds === undefined ? '' : `, about ${durationText(count * intervalSeconds * 1_000)}`;
  return `${then} after ${count} ${many} in a row${about}`;
}

export function flapWords(count: number | undefined): string {
  if (count === undefined || !Number.isInteger(count) || count < 0)
    return 'how many alerts within an hour it takes';
  if (count === 0) return '0: never called flapping';
  return `called flapping from ${count} ${count === 1 ? 'alert' : 'alerts'} within an hour`;
}
