import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import type { SupercheckMonitor } from './resources.js';

type LocationConfig = NonNullable<SupercheckMonitor['config']>['locationConfig'];

const HALF = 50;

/**
 * Supercheck counts the locations that have to be up, and calls a monitor down below that; Tocsin counts those that fail.
 */
export function locationsOf(config: LocationConfig, account: Account): JsonObject {
  const locations = [...new Set(config?.locations ?? [])];
  const place = (field: string) => ['config', 'locationConfig', field];
  if (config === undefined || config.enabled === false || locations.length === 0) {
    for (const field of ['enabled', 'locations', 'strategy', 'threshold'])
      account.changed(place(field), '', 'checked at one place, which is the default');
    return {};
  }
  const { strategy = 'majority', threshold = HALF } = config;
  const failing = failingFor(strategy, threshold, locations.length);
  const how = `${strategy} of the locations up, as ${failing} of ${locations.length} failing`;
  account.changed(place('enabled'), 'locations', 'where locations are named, they are used');
  account.changed(place('locations'), 'locations', 'each needs an executor that runs there');
  account.changed(place('strategy'), 'quorum', how);
  account.changed(
    place('threshold'),
    'quorum',
    strategy === 'majority' ? how : 'of no effect beside the strategy',
  );
  return { locations, quorum: failing === 1 ? 'any' : failing === locations.length ? 'all' : failing };
}

/** The smallest number of failing locations with which too few are up. */
function failingFor(strategy: string, threshold: number, count: number): number {
  if (strategy === 'all') return 1;
  if (strategy === 'any') return count;
  const most = Math.floor(count * (1 - threshold / 100) + 1e-9);
  return Math.min(count, Math.max(1, most + 1));
}
