import { subjects } from '@tocsin/contracts';
import { toInstant } from '@tocsin/kernel';
import type { RunDue } from '@tocsin/monitoring';
import type { NatsHandle } from '@tocsin/service-kit';
import type { OutputSource } from '../tests/test-runner.js';

/** What a run says, as the api shows it: `runOutputChunk` of @tocsin/http-api. */
interface Chunk {
  readonly at: string;
  readonly testId: string | null;
  readonly source: OutputSource | 'tocsin';
  readonly text: string;
}

export interface RunOutput {
  /** what a test says, without secrets */
  write(testId: string, source: OutputSource, text: string): void;
  /** what we say of the run. @param testId null: of the run as a whole */
  note(testId: string | null, text: string): void;
  /** sends what is kept; nothing may be written afterwards */
  end(): void;
}

export interface RunOutputDeps {
  readonly nats: Pick<NatsHandle, 'current'>;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

const FLUSH_MS = 200;
const FLUSH_BYTES = 8 * 1024;
/** of one run: the console among its artifacts has the rest */
const MAX_BYTES = 2 * 1024 * 1024;

/** Shown while it happens and kept for a day: nobody waits for it to arrive, and a run goes on without it. */
export function createRunOutput(
  { project, runId }: Pick<RunDue, 'project' | 'runId'>,
  { nats, now }: RunOutputDeps,
): RunOutput {
  const subject = subjects.output(project, runId);
  let kept: Chunk | undefined;
  let timer: NodeJS.Timeout | undefined;
  let bytes = 0;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const chunk = kept;
    kept = undefined;
    if (chunk === undefined) return;
    try {
      nats.current()?.publish(subject, JSON.stringify(chunk));
    } catch {
      // A connection that is closed for good ends the process by itself.
    }
  }

  function add(testId: string | null, source: Chunk['source'], text: string): void {
    if (text === '') return;
    if (kept !== undefined && (kept.testId !== testId || kept.source !== source)) flush();
    kept = { at: kept?.at ?? toInstant(now()), testId, source, text: (kept?.text ?? '') + text };
    if (kept.text.length >= FLUSH_BYTES) flush();
    else timer ??= setTimeout(flush, FLUSH_MS);
  }

  return {
    write(testId, source, text) {
      if (bytes > MAX_BYTES) return;
      bytes += Buffer.byteLength(text);
      if (bytes <= MAX_BYTES) {
        for (const piece of pieces(text)) add(testId, source, piece);
        return;
      }
      add(testId, 'tocsin', 'the run says more than is shown here: see the console among its artifacts\n');
    },
    note: (testId, text) => add(testId, 'tocsin', `${text}\n`),
    end: flush,
  };
}

/** No message is much larger than what is sent at once, whatever a test writes in one go. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += FLUSH_BYTES) yield text.slice(at, at + FLUSH_BYTES);
}
