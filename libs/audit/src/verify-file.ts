import type { Cause, LoggedAlert } from '@tocsin/alerting';
import { ALL_SHARDS, isUuid, type Shard, shardOf } from '@tocsin/kernel';
import { alertEventOf, isTold } from './alert-event.js';
import { createChainCheck } from './chain-check.js';
import type { ChainedStream } from './chained-table.js';
import { causeOf } from './config-cause.js';
import { createDecisions, type Judgement } from './decisions.js';
import type { Difference } from './difference.js';
import { type ExportedHead, type ExportedRow, type LogHeader, logHeader, rowOf } from './log-line.js';

export interface VerifiedFile {
  readonly madeAt: string;
  readonly events: number;
  readonly streams: readonly ChainedStream[];
  readonly judgement: Judgement;
  /** the hash at each position, from 1 */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  readonly heads: readonly ExportedHead[];
}

export const chainKey = (stream: ChainedStream, chain: string): string => `${stream} ${chain}`;

/** Not a log export, or not one of a version that is known. */
export class NoLogFileError extends Error {
  override readonly name = 'NoLogFileError';
}

/** Without any server: every chain of an export, and its alert log by the evidence and the configuration it carries. */
export async function verifyFile(
  lines: AsyncIterable<string>,
  tell: (difference: Difference) => void,
  options: { readonly targetId?: string | undefined; readonly onRead?: (events: number) => void } = {},
): Promise<VerifiedFile> {
  const checks = new Map<string, ReturnType<typeof createChainCheck>>();
  const hashes = new Map<string, string[]>();
  const causes = new Map<Shard, Cause[]>(ALL_SHARDS.map((shard) => [shard, []]));
  const alerts = new Map<Shard, LoggedAlert[]>(ALL_SHARDS.map((shard) => [shard, []]));
  let header: LogHeader | undefined;
  let events = 0;

  const checkOf = (stream: ChainedStream, chain: string) => {
    const key = chainKey(stream, chain);
    const found = checks.get(key) ?? createChainCheck('export', stream, chain, tell);
    checks.set(key, found);
    return found;
  };

  function take(row: ExportedRow, { configDecidedUntil, configPutAside }: LogHeader): void {
    const { stream, chain, stream_seq: sequence } = row;
    checkOf(stream, chain).next(row);
    const key = chainKey(stream, chain);
    const known = hashes.get(key);
    if (known === undefined) hashes.set(key, [row.hash ?? '']);
    else known.push(row.hash ?? '');
    if (stream === 'ALERTS') {
      const alert = alertEventOf(row);
      if (isTold(alert))
        tell({ place: 'export', stream, chain, position: row.position, eventId: row.id, ...alert });
      else alerts.get(shardOf(alert.event.data.target.id))?.push(alert);
    }
    if (stream !== 'CONFIG' || sequence === null || configPutAside.includes(sequence)) return;
    if (!isUuid(row.entity_id)) return;
    const shard = shardOf(row.entity_id);
    const cause = sequence > (configDecidedUntil[shard] ?? 0) ? undefined : causeOf(row);
    if (cause !== undefined) causes.get(shard)?.push(cause);
  }

  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (header === undefined) {
      header = headerOf(line);
      continue;
    }
    if (line === '') continue;
    const row = parsed(line);
    if (row === undefined) {
      const sentence = `line ${number} is no event of an export: it was altered, or cut off`;
      tell({ place: 'export', stream: 'ALERTS', kind: 'invalid', sentence });
      continue;
    }
    take(row, header);
    events += 1;
    if (events % 1000 === 0) options.onRead?.(1000);
  }
  options.onRead?.(events % 1000);
  if (header === undefined) throw new NoLogFileError('the file is empty');
  const ends = new Map(header.chains.map((head) => [chainKey(head.stream, head.chain), head]));
  for (const { stream, chain } of header.chains) checkOf(stream, chain);
  for (const [key, check] of checks) check.end(ends.get(key));
  const streams = [...new Set(header.chains.map(({ stream }) => stream))];
  const judgement = judge(alerts, streams.includes('CONFIG') ? causes : undefined, tell, options.targetId);
  const heads = header.chains.map(({ stream, chain }) => ({ stream, ...checkOf(stream, chain).head() }));
  return { madeAt: header.madeAt, events, streams, judgement, hashes, heads };
}

function judge(
  alerts: ReadonlyMap<Shard, readonly LoggedAlert[]>,
  causes: ReadonlyMap<Shard, readonly Cause[]> | undefined,
  tell: (difference: Difference) => void,
  targetId: string | undefined,
): Judgement {
  const decisions = createDecisions({
    causes,
    historic: new Map(),
    resultsFrom: Number.POSITIVE_INFINITY,
    // No result is at hand
    knownSince: '9999-12-31T23:59:59.999Z',
    decidedUntil: new Map(),
    putAside: new Set(),
    uncertain: new Set(),
    onDifference: (difference) => {
      if (targetId === undefined || difference.targetId === targetId)
        tell({ ...difference, place: 'export' });
    },
  });
  for (const [shard, logged] of alerts) decisions.append(shard, logged);
  decisions.finish();
  return decisions.judgement;
}

function headerOf(line: string): LogHeader {
  try {
    return logHeader.parse(JSON.parse(line));
  } catch (cause) {
    throw new NoLogFileError('its first line is not the header of a log export', { cause });
  }
}

function parsed(line: string): ExportedRow | undefined {
  try {
    return rowOf(line);
  } catch {
    return undefined;
  }
}
