import { useQueryClient } from '@tanstack/react-query';
import type { RunOutputChunk, RunView } from '@tocsin/http-api';
import { useEffect, useState } from 'react';
import { addressOf } from '../../api/address.js';
import { queryOf } from '../../api/queries.js';
import { batched, nextFrame } from '../../live/batch.js';
import { isActive } from '../../parts/run-mark.js';
import { EMPTY_LOG, type Log, withChunks } from './log-lines.js';

export type OutputState = 'connecting' | 'following' | 'reconnecting' | 'ended';

export interface RunOutput {
  readonly log: Log;
  readonly state: OutputState;
}

/** What a run says, from its beginning, and live while it runs. Another run wants another component. */
export function useRunOutput(runId: string): RunOutput {
  const queries = useQueryClient();
  const [output, setOutput] = useState<RunOutput>({ log: EMPTY_LOG, state: 'connecting' });

  useEffect(() => {
    const become = (state: OutputState) => setOutput((before) => ({ ...before, state }));
    const source = new EventSource(addressOf('/runs/{id}/output', { id: runId }));
    const push = batched<RunOutputChunk>((chunks) => {
      setOutput(({ log, state }) => ({ log: withChunks(log, chunks), state }));
    }, nextFrame());
    source.addEventListener('open', () => become('following'));
    // The browser comes back by itself, with the id of the last chunk, unless it was refused.
    source.addEventListener('error', () =>
      become(source.readyState === EventSource.CLOSED ? 'ended' : 'reconnecting'),
    );
    source.addEventListener('output', ({ data }: MessageEvent<string>) => {
      const chunk = parsed(data) as RunOutputChunk | undefined;
      if (chunk !== undefined) push(chunk);
    });
    source.addEventListener('state', ({ data }: MessageEvent<string>) => {
      const run = parsed(data) as RunView | undefined;
      if (run === undefined) return;
      const { queryKey } = queryOf('getRun', { params: { id: runId } });
      queries.setQueryData(queryKey, (known) => (known === undefined ? known : { ...known, ...run }));
      if (isActive(run.status)) return;
      // Its last word: left open, the browser would ask for all of it again.
      source.close();
      become('ended');
      void queries.invalidateQueries({ queryKey });
    });
    return () => source.close();
  }, [runId, queries]);
  return output;
}

/** undefined when it is not JSON: a line of a stream must not stop the ones after it */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
