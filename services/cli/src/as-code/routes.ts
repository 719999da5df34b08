import type { Kind } from './document.js';

/** As in `listMonitors`. */
const NOUNS = {
  variable: 'Variable',
  provider: 'NotificationProvider',
  test: 'Test',
  monitor: 'Monitor',
  job: 'Job',
} as const satisfies Record<Kind, string>;

export const listRoute = (kind: Kind): string => `list${NOUNS[kind]}s`;
export const routeFor = (verb: 'create' | 'get' | 'replace' | 'delete', kind: Kind): string =>
  `${verb}${NOUNS[kind]}`;
/** Of variables there are none. */
export const revisionsRoute = (kind: Exclude<Kind, 'variable'>): string => `list${NOUNS[kind]}Revisions`;
