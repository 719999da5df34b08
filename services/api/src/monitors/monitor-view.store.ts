import type { MonitorView } from '@tocsin/http-api';
import type { Kysely } from 'kysely';
import type { ApiDatabase, MonitorRow } from '../database.js';
import { heartbeatTokens } from '../heartbeats/heartbeat.store.js';
import type { Call } from '../http/call.js';
import type { MonitorSeen } from '../reading/monitor-seen.store.js';
import { hasScope } from '../tokens/token.store.js';
import type { SecretKeys } from '../wiring.js';
import { viewOf } from './monitor.js';

export interface Viewing {
  readonly keys: SecretKeys;
  /** where people reach the product; undefined: as this caller did */
  readonly publicUrl: string | undefined;
}

/** Who may write may see where heartbeats go: that address is all it takes to send one. */
export async function monitorViews(
  db: Kysely<ApiDatabase>,
  call: Call,
  rows: readonly MonitorRow[],
  seen: (id: string) => MonitorSeen,
  { keys, publicUrl }: Viewing,
): Promise<MonitorView[]> {
  const mayWrite = hasScope(call.caller.scopes, 'write');
  const received = mayWrite ? rows.filter(({ type }) => type === 'heartbeat').map(({ id }) => id) : [];
  const tokens = await heartbeatTokens(db, received, keys);
  return rows.map((row) => {
    const token = tokens.get(row.id);
    const base = publicUrl ?? call.origin;
    return viewOf(row, {
      seen: seen(row.id),
      ...(token === undefined ? {} : { heartbeatUrl: `${base}/api/v1/heartbeat/${token}` }),
    });
  });
}

export async function monitorViewOf(
  db: Kysely<ApiDatabase>,
  call: Call,
  row: MonitorRow,
  seen: MonitorSeen,
  viewing: Viewing,
): Promise<MonitorView> {
  const [view] = await monitorViews(db, call, [row], () => seen, viewing);
  return view as MonitorView;
}
