import type { NatsConnection } from '@nats-io/transport-node';
import type { JudgedBy, LoggedAlert } from '@tocsin/alerting';
import { ALL_SHARDS, type Shard, shardOf, toInstant } from '@tocsin/kernel';
import type { Kysely } from 'kysely';
import type { AlertReader } from './alert-reader.js';
import { loadCauses, openChain, watchChain } from './decided.store.js';
import { createDecisions, type Judgement } from './decisions.js';
import type { Difference } from './difference.js';
import { resultOf } from './result.js';
import { type ChainOfAlerts, knownSince } from './results-known.js';
import { endsOf, readStream, type StoredMessage } from './stream.nats.js';
import { loadFolded, loadPutAside } from './table.store.js';

export interface JudgeOptions {
  readonly nats: NatsConnection;
  readonly db: Kysely<unknown>;
  readonly alerts: AlertReader;
  readonly targetId?: string | undefined;
  readonly tell: (difference: Difference) => void;
  readonly note: (sentence: string) => void;
  readonly read: (events: number) => void;
  readonly onJudged?: ((one: LoggedAlert, by: JudgedBy) => void) | undefined;
}

/** Decides the alert log again, from RESULTS and from the tables of CONFIG and ALERTS. */
export async function judgeDecisions(options: JudgeOptions): Promise<{ judgement: Judgement; read: number }> {
  const { nats, db, alerts, targetId, note } = options;
  const shards = targetId === undefined ? ALL_SHARDS : [shardOf(targetId)];
  // 1. load what says how far it is decided, and on what
  const putAside = await loadPutAside(db);
  const causes = await loadCauses(db, putAside);
  const chains = new Map<Shard, ChainOfAlerts>();
  for (const shard of shards) chains.set(shard, await watchChain(db, alerts, shard));
  const ends = await endsOf(nats, 'RESULTS');
  const batches = readStream(nats, 'RESULTS', ends.lastSequence);
  const first = await batches.next();
  const [oldest] = first.done === true ? [] : first.value;
  const firstSequence = oldest?.sequence ?? ends.lastSequence + 1;
  const firstStoredAt =
    oldest !== undefined && oldest.sequence > 1 ? toInstant(oldest.storedAtMs) : undefined;
  const nothingKept = oldest === undefined && ends.lastSequence > 0;
  const since = nothingKept
    ? new Date().toISOString()
    : knownSince(chains.values(), firstStoredAt, ends.lastSequence);
  for (const [shard, { historic }] of chains)
    if (historic > 0)
      note(
        `ALERTS, chain ${shard}: RESULTS lost its tail once; ${historic} events from before that are judged by the evidence they carry`,
      );
  if (since !== undefined)
    note(`results of slots up to ${since} may be missing: what they decided is judged by evidence`);
  const replayed = putAside.filter(({ stream, wasReplayed }) => stream === 'RESULTS' && wasReplayed);
  if (replayed.length > 0)
    note(`${replayed.length} results were put aside and folded later: nobody knows when`);
  // 2. decide
  const decisions = createDecisions({
    causes,
    historic: new Map([...chains].map(([shard, { historic }]) => [shard, historic])),
    resultsFrom: firstSequence,
    knownSince: since,
    decidedUntil: await loadFolded(db, 'RESULTS'),
    putAside: new Set(putAside.filter(({ stream }) => stream === 'RESULTS').map(({ seq }) => seq)),
    uncertain: new Set(replayed.map(({ subject }) => subject.split('.').at(-1) ?? '')),
    onJudged: options.onJudged,
    onDifference: (difference) => {
      if (targetId === undefined || difference.targetId === targetId) options.tell(difference);
    },
  });
  const open = shards.map((shard) => openChain(db, alerts, shard, chains.get(shard)?.historic ?? 0));
  const loadUntil = async (sequence: number) => {
    for (const chain of open) decisions.append(chain.shard, await chain.upTo(sequence));
  };
  let read = 0;
  for (let next = first; next.done !== true; next = await batches.next()) {
    const batch = next.value;
    await loadUntil(batch.at(-1)?.sequence ?? 0);
    for (const stored of batch) observe(stored);
    read += batch.length;
    options.read(batch.length);
  }
  await loadUntil(Number.POSITIVE_INFINITY);
  decisions.finish();
  return { judgement: decisions.judgement, read };

  function observe({ sequence, message }: StoredMessage): void {
    const eventId = () => message.headers?.get('ce-id') ?? '';
    const result = resultOf({ body: message.string(), eventId });
    if (result === undefined || (targetId !== undefined && result.targetId !== targetId)) return;
    decisions.observe(result, sequence);
  }
}
