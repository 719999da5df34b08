import { toInstant } from '@tocsin/kernel';
import type { Kysely } from 'kysely';
import { type ChainedStream, tableOf } from './chained-table.js';
import { LOG_FORMAT, type LogHeader, lineOf } from './log-line.js';
import { inSnapshot, loadFolded, loadHeads, loadPutAside, rowsOfChain } from './table.store.js';

export interface ExportOptions {
  readonly db: Kysely<unknown>;
  readonly streams: readonly ChainedStream[];
  readonly nowMs: number;
  /** takes one line, without its end; wait for it before the next */
  readonly write: (line: string) => Promise<void> | void;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Configuration first: the alert log is judged by it. */
const ORDER: readonly ChainedStream[] = ['CONFIG', 'ALERTS', 'DELIVERIES'];

/** Streams as JSON Lines, with their chains: what verifies without any server. @returns events written */
export async function exportLog({ db, streams, nowMs, write, onProgress }: ExportOptions): Promise<number> {
  return await inSnapshot(db, async (tx) => {
    const wanted = ORDER.filter((stream) => streams.includes(stream));
    const chains: LogHeader['chains'] = [];
    for (const stream of wanted)
      for (const head of await loadHeads(tx, tableOf(stream))) chains.push({ stream, ...head });
    const putAside = await loadPutAside(tx);
    const header: LogHeader = {
      format: LOG_FORMAT,
      version: 1,
      madeAt: toInstant(nowMs),
      chains,
      configDecidedUntil: Object.fromEntries(await loadFolded(tx, 'CONFIG')),
      configPutAside: putAside
        .filter(({ stream, wasReplayed }) => stream === 'CONFIG' && !wasReplayed)
        .map(({ seq }) => seq),
    };
    await write(JSON.stringify(header));
    const total = chains.reduce((sum, { position }) => sum + position, 0);
    let done = 0;
    for (const { stream, chain } of chains)
      for await (const row of rowsOfChain(tx, tableOf(stream), chain)) {
        await write(lineOf({ ...row, stream }));
        done += 1;
        if (done % 1000 === 0) onProgress?.(done, total);
      }
    return done;
  });
}
