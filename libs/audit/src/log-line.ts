import type { EventType } from '@tocsin/contracts';
import { ALL_SHARDS } from '@tocsin/kernel';
import { z } from 'zod';
import type { ChainedRow, Head } from './chain-check.js';
import { CHAINED_STREAMS, type ChainedStream } from './chained-table.js';

export const LOG_FORMAT = 'tocsin.log';

const sequences = z.partialRecord(z.enum(ALL_SHARDS as [string, ...string[]]), z.number());

/** The first line of an export. */
export const logHeader = z.object({
  format: z.literal(LOG_FORMAT),
  version: z.literal(1),
  madeAt: z.string(),
  /** what each chain ends with, so that a missing end shows */
  chains: z.array(
    z.object({
      stream: z.enum(CHAINED_STREAMS),
      chain: z.string(),
      position: z.number(),
      hash: z.string(),
    }),
  ),
  /** by shard, the last sequence of CONFIG whose policies are on the alert log, and sequences that could not be folded */
  configDecidedUntil: sequences,
  configPutAside: z.array(z.number()),
});
export type LogHeader = z.infer<typeof logHeader>;

const logLine = z.object({
  stream: z.enum(CHAINED_STREAMS),
  chain: z.string(),
  position: z.number(),
  id: z.string(),
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  entityId: z.string(),
  time: z.string(),
  sequence: z.number().nullable(),
  /** absent where the text that was hashed is not how JavaScript writes it */
  data: z.unknown(),
  dataText: z.string().optional(),
  prevHash: z.string(),
  hash: z.string(),
});

/** A row of an export: of which stream, and where it was published. */
export interface ExportedRow extends ChainedRow {
  readonly stream: ChainedStream;
  readonly stream_seq: number | null;
}

export interface ExportedHead extends Head {
  readonly stream: ChainedStream;
}

export function lineOf(row: ExportedRow): string {
  const { stream, chain, position, id, type, source, subject, time } = row;
  const data: unknown = JSON.parse(row.data);
  const isAsWritten = JSON.stringify(data) === row.data;
  return JSON.stringify({
    stream,
    chain,
    position,
    id,
    type,
    source,
    subject,
    entityId: row.entity_id,
    time,
    sequence: row.stream_seq,
    ...(isAsWritten ? { data } : { dataText: row.data }),
    prevHash: row.prev_hash,
    hash: row.hash,
  });
}

/** @throws what JSON.parse or zod say of a line that is none of an export */
export function rowOf(line: string): ExportedRow {
  const { entityId, sequence, data, dataText, prevHash, ...rest } = logLine.parse(JSON.parse(line));
  return {
    ...rest,
    // What it is not, the hash and the codec tell
    type: rest.type as EventType,
    entity_id: entityId,
    stream_seq: sequence,
    prev_hash: prevHash,
    data: dataText ?? JSON.stringify(data) ?? '',
  };
}
