import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { ALL_SHARDS, type Shard } from '@tocsin/kernel';
import { type Bound, couldNot } from './replayable.js';

/** So many events are folded before a second process has so much as started. */
const WORTH_IT = 100_000;
const MOST_PARTS = 4;
/** Events wait in the queue until their batch is folded: with less room they are all copied to where the old ones are. */
const NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=32'];

export interface Parts {
  /** how many processes a fold of so much is shared out to */
  readonly count: (bounds: readonly Bound[], from: readonly Bound[]) => number;
  /** folds the shadow up to its bounds, which are set */
  readonly fold: (shadow: string, count: number, onFolded: (events: number) => void) => Promise<void>;
}

/** The shards of each of so many. */
export const shareOut = (count: number): Shard[][] =>
  Array.from({ length: count }, (_, part) => ALL_SHARDS.filter((_shard, n) => n % count === part));

/** Other processes of this very program, each with shards of its own. */
export function forkedParts(signal: AbortSignal): Parts {
  return {
    count(bounds, from) {
      const seqOf = ({ projection, stream, shard }: Bound) =>
        from.find((b) => b.projection === projection && b.stream === stream && b.shard === shard)?.seq ?? 0;
      const most = Math.max(0, ...bounds.map((bound) => bound.seq - seqOf(bound)));
      return most < WORTH_IT ? 1 : Math.min(MOST_PARTS, availableParallelism());
    },
    async fold(shadow, count, onFolded) {
      const [node, program = ''] = process.argv;
      const codes = await Promise.all(
        shareOut(count).map(async (shards) => {
          const args = [...NODE_ARGS, program, 'replay', '--part', shadow, shards.join('')];
          const child = spawn(node ?? process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
          const stop = () => child.kill('SIGINT');
          signal.addEventListener('abort', stop);
          child.stdout.setEncoding('utf8').on('data', (text: string) => {
            for (const line of text.split('\n')) if (line !== '') onFolded(Number(line));
          });
          const [code] = (await once(child, 'close')) as [number | null];
          signal.removeEventListener('abort', stop);
          return code;
        }),
      );
      signal.throwIfAborted();
      if (codes.some((code) => code !== 0))
        throw couldNot(
          'a part of the replay ended early: what is folded stays, the same command goes on with it',
        );
    },
  };
}
