import type { AuditEntry, Revision } from '@tocsin/http-api';
import type { Api } from '../api/api.js';
import { CommandError } from '../errors.js';
import { take } from '../everyday/find.js';
import type { Kind } from './document.js';
import type { Hand } from './drift.js';
import { revisionsRoute } from './routes.js';
import type { ShownStep } from './show-plan.js';

/** So far back one looks for who did it. */
const REVISIONS = 50;
const ENTRIES = 2_000;

/** Who changed, or deleted, what a step is about; undefined when the token may not know, or nothing is known. */
export async function historyOf(
  api: Api,
  { kind, name, id }: ShownStep,
  set: string | undefined,
): Promise<readonly Hand[] | undefined> {
  if (id === undefined) return await asAllowed(() => deletions(api, kind, name, set));
  if (kind === 'variable') return await asAllowed(() => entries(api, { kind, entityId: id }));
  const list = api.all<Revision>(revisionsRoute(kind), { params: { id } });
  return (await take(list, REVISIONS)).map(({ changedAt, changedBy, network }) => ({
    at: changedAt,
    by: changedBy,
    network,
  }));
}

async function entries(api: Api, query: { kind: Kind; entityId: string }): Promise<Hand[]> {
  const found = await take(api.all<AuditEntry>('listAudit', { query }), REVISIONS);
  return found.map(handOf);
}

async function deletions(
  api: Api,
  kind: Kind,
  name: string,
  set: string | undefined,
): Promise<readonly Hand[]> {
  const found = await take(api.all<AuditEntry>('listAudit', { query: { kind } }), ENTRIES);
  const last = found.find((entry) => entry.entityName === name);
  const isIt = last?.action === 'deleted' && (set === undefined || last.before?.managedBy === set);
  return isIt ? [handOf(last)] : [];
}

const handOf = ({ at, actor, network }: AuditEntry): Hand => ({ at, by: actor, network });

async function asAllowed<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CommandError && error.message.includes('(forbidden)')) return undefined;
    throw error;
  }
}
