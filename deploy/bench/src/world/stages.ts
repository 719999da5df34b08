import { jetstream } from '@nats-io/jetstream';
import type { Received } from '../forked/sink.js';
import { percentile } from '../statistics.js';
import type { Stack } from './stack.process.js';

/** How long each part of the road took, milliseconds, of those alerts whose every part is known. */
export type Stages = Readonly<Record<string, { readonly p50: number; readonly p99: number }>>;

interface Stored {
  readonly at: number;
  readonly body: () => unknown;
  readonly id: string;
}

/** From what the streams and the notifier's tables say of the alerts that arrived. */
export async function stagesOf(stack: Stack, received: readonly Received[]): Promise<Stages> {
  // 1. What was written when
  const raised = new Map<string, { storedAt: number; checkId: string }>();
  await readStream(stack, 'ALERTS', 'alert.*.*.*.raised', false, ({ at, body }) => {
    const { alertId, evidence } = body() as { alertId: string; evidence: { eventId: string }[] };
    raised.set(alertId, { storedAt: at, checkId: evidence.at(-1)?.eventId ?? '' });
  });
  const results = new Map<string, number>();
  await readStream(stack, 'RESULTS', 'result.>', true, ({ at, id }) => results.set(id, at));
  const { rows } = await stack.sql.query<{ alert_id: string; started_at: Date }>(
    `select n.alert_id, min(a.started_at) as started_at from notifier.notification n
     join notifier.attempt a on a.notification_id = n.id where n.alert_event = 'alert.raised' group by 1`,
  );
  const attempts = new Map(rows.map((row) => [row.alert_id, row.started_at.getTime()]));

  // 2. The differences
  const spans: Record<string, number[]> = {
    'finished to RESULTS': [],
    'RESULTS to ALERTS': [],
    'ALERTS to attempt': [],
    'attempt to called': [],
  };
  for (const { alertId, finishedAt, receivedAt } of received) {
    const alert = raised.get(alertId);
    const resultAt = results.get(alert?.checkId ?? '');
    const attemptAt = attempts.get(alertId);
    if (alert === undefined || resultAt === undefined || attemptAt === undefined) continue;
    const moments = [finishedAt, resultAt, alert.storedAt, attemptAt, receivedAt];
    for (const [part, name] of Object.keys(spans).entries())
      spans[name]?.push((moments[part + 1] ?? 0) - (moments[part] ?? 0));
  }
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return Object.fromEntries(
    Object.entries(spans).map(([name, ms]) => [
      name,
      { p50: rounded(percentile(ms, 0.5)), p99: rounded(percentile(ms, 0.99)) },
    ]),
  );
}

/** Everything the stream holds now. */
async function readStream(
  { connection }: Stack,
  stream: string,
  subject: string,
  headersOnly: boolean,
  each: (message: Stored) => void,
): Promise<void> {
  const consumer = await jetstream(connection).consumers.get(stream, {
    filter_subjects: [subject],
    headers_only: headersOnly,
  });
  if ((await consumer.info()).num_pending === 0) return;
  const messages = await consumer.consume({ max_messages: 5_000 });
  for await (const message of messages) {
    each({
      at: message.info.timestampNanos / 1e6,
      id: message.headers?.get('ce-id') ?? '',
      body: () => message.json(),
    });
    if (message.info.pending === 0) break;
  }
  await messages.close();
}
