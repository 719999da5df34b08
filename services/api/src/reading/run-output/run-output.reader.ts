import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { OUTPUT_STREAM, subjects } from '@tocsin/contracts';
import { runOutputChunk } from '@tocsin/http-api';
import type { Logger, NatsHandle } from '@tocsin/service-kit';

const STREAM = OUTPUT_STREAM.name;
const RETRY_MS = 1000;
/** Read ahead of the client; a chunk is some kilobytes. */
const AHEAD = 32;

export interface OutputChunk {
  readonly sequence: number;
  /** JSON of a `runOutputChunk`; empty when what came was none */
  readonly data: string;
}

export interface RunOutput {
  /** In order, and live, until the signal; what nobody keeps any more is left out. */
  read(after: number, signal: AbortSignal): AsyncGenerator<OutputChunk, void, undefined>;
  /** of the last chunk there is; 0 when there is none */
  lastSequence(): Promise<number>;
}

export interface RunOutputOptions {
  readonly nats: NatsHandle;
  readonly project: string;
  readonly runId: string;
  readonly logger: Logger;
}

/** What a run says, as long as it is kept: no events, so the log's own reader does not know them. */
export function runOutput({ nats, project, runId, logger }: RunOutputOptions): RunOutput {
  const subject = subjects.output(project, runId);

  function connected(): NatsConnection {
    const nc = nats.isConnected() ? nats.current() : undefined;
    if (nc === undefined) throw new Error('NATS is away');
    return nc;
  }

  return {
    async *read(after, signal) {
      let position = after;
      for (let isTold = false; !signal.aborted; ) {
        try {
          for await (const chunk of readOnce(connected(), subject, position, signal)) {
            position = chunk.sequence;
            isTold = false;
            yield chunk;
          }
        } catch (error) {
          if (!signal.aborted && !isTold)
            logger.warn({ err: error, runId }, 'the output of a run cannot be read, trying again');
          isTold = true;
        }
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    async lastSequence() {
      const jsm = await jetstreamManager(connected());
      return (await jsm.streams.getMessage(STREAM, { last_by_subj: subject }))?.seq ?? 0;
    },
  };
}

async function* readOnce(
  nc: NatsConnection,
  subject: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<OutputChunk, void, undefined> {
  const js = jetstream(nc);
  const { state } = await (await jetstreamManager(nc)).streams.info(STREAM);
  // Kept in memory: after a restart of the server its numbers begin anew.
  const from = after > state.last_seq ? 0 : after;
  const consumer = await js.consumers.get(STREAM, {
    filter_subjects: subject,
    ...(from === 0
      ? { deliver_policy: 'all' as const }
      : { deliver_policy: 'by_start_sequence' as const, opt_start_seq: from + 1 }),
  });
  const messages = await consumer.consume({ max_messages: AHEAD });
  const close = () => void messages.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    for await (const message of messages) {
      if (signal.aborted) return;
      yield { sequence: message.seq, data: dataOf(message.string()) };
    }
  } finally {
    signal.removeEventListener('abort', close);
    await messages.close();
    await consumer.delete().catch(() => undefined);
  }
}

function dataOf(text: string): string {
  try {
    const chunk = runOutputChunk.safeParse(JSON.parse(text));
    return chunk.success ? JSON.stringify(chunk.data) : '';
  } catch {
    return '';
  }
}
