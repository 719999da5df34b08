import type { NatsConnection } from '@nats-io/transport-node';
import type { Kysely } from 'kysely';
import { CHAINED_STREAMS, type ChainedStream, tableOf } from './chained-table.js';
import type { Checkpoint } from './checkpoint.js';
import type { Difference } from './difference.js';
import type { ExportedHead } from './log-line.js';
import { endsOf } from './stream.nats.js';
import { inSnapshot, loadHeads, rowAt } from './table.store.js';
import { trailEnd, trailHashAt } from './trail.store.js';
import { chainKey, type VerifiedFile } from './verify-file.js';

/** The ends of the chains as the tables say they are, and of the streams. Verify before you sign. */
export async function takeCheckpoint(
  { nats, db }: { readonly nats: NatsConnection | undefined; readonly db: Kysely<unknown> },
  madeAt: string,
): Promise<Checkpoint> {
  const { chains, trail } = await inSnapshot(db, async (tx) => {
    const heads: ExportedHead[] = [];
    for (const stream of CHAINED_STREAMS)
      for (const head of await loadHeads(tx, tableOf(stream)))
        if (head.position > 0) heads.push({ stream, ...head });
    return { chains: heads, trail: await trailEnd(tx) };
  });
  const names = nats === undefined ? [] : ([...CHAINED_STREAMS, 'RESULTS'] as const);
  const streams = await Promise.all(
    names.map(async (stream) => {
      const { firstSequence, lastSequence, createdAt } = await endsOf(nats!, stream);
      return { stream, firstSequence, lastSequence, createdAt };
    }),
  );
  return { madeAt, chains, streams, trail };
}

/** Whether every end that was signed is still in its chain: what was cut off or written anew alike in every place shows here. */
async function compare(
  { madeAt, chains }: Checkpoint,
  hashAt: (stream: ChainedStream, chain: string, position: number) => Promise<string | undefined>,
  tell: (difference: Difference) => void,
): Promise<void> {
  for (const { stream, chain, position, hash } of chains) {
    const found = await hashAt(stream, chain, position);
    if (found === hash) continue;
    tell({
      place: 'checkpoint',
      kind: found === undefined ? 'truncated' : 'altered',
      stream,
      chain,
      position,
      field: 'hash',
      expected: hash,
      found,
      sentence:
        found === undefined
          ? `it went up to here at ${madeAt} and does not any more: the end was cut off`
          : `up to here it is not what it was at ${madeAt}: events were changed and the chain was made anew`,
    });
  }
}

export async function compareCheckpoint(
  db: Kysely<unknown>,
  checkpoint: Checkpoint,
  tell: (difference: Difference) => void,
): Promise<void> {
  await compare(
    checkpoint,
    async (stream, chain, position) => (await rowAt(db, tableOf(stream), chain, position))?.hash ?? undefined,
    tell,
  );
  const { madeAt, trail } = checkpoint;
  if (trail === undefined) return;
  const found = await trailHashAt(db, trail.position);
  if (found !== trail.hash)
    tell({
      place: 'checkpoint',
      stream: 'AUDIT',
      position: trail.position,
      expected: trail.hash,
      found,
      ...toldOf(found, madeAt),
    });
}

const toldOf = (found: string | undefined, madeAt: string) => ({
  kind: found === undefined ? ('truncated' as const) : ('altered' as const),
  field: 'hash',
  sentence:
    found === undefined
      ? `the audit trail went up to here at ${madeAt} and does not any more: the end was cut off`
      : `the audit trail up to here is not what it was at ${madeAt}: it was changed and its chain was made anew`,
});

/** An export that was made later than the checkpoint. */
export async function compareFileWithCheckpoint(
  file: VerifiedFile,
  checkpoint: Checkpoint,
  tell: (difference: Difference) => void,
): Promise<void> {
  const chains = checkpoint.chains.filter(({ stream }) => file.streams.includes(stream));
  await compare(
    { ...checkpoint, chains },
    async (stream, chain, position) => file.hashes.get(chainKey(stream, chain))?.[position - 1],
    tell,
  );
}
