import type { RunView } from '@tocsin/http-api';
import { isActive } from '../run-mark.js';

const BUSY_MS = 2_000;
const CALM_MS = 10_000;
/** So many pages are not read again by themselves. */
const MOST_PAGES = 3;

/** Runs are not on the live stream: they are asked for, often while one of them is going on. */
export function refreshOf(
  pages: readonly { readonly items: readonly Pick<RunView, 'status'>[] }[] | undefined,
): number | false {
  if (pages === undefined) return CALM_MS;
  if (pages.length > MOST_PAGES) return false;
  return pages.some(({ items }) => items.some(({ status }) => isActive(status))) ? BUSY_MS : CALM_MS;
}
