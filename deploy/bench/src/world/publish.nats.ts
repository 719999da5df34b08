import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { encode, type NewEvent } from '@tocsin/contracts';
import { inParallel } from './wait.js';

/** With the bare client: filling a stream is not what is measured. @returns the sequence of the last one */
export async function publishAll(
  nc: NatsConnection,
  count: number,
  eventAt: (index: number) => NewEvent,
  atOnce = 1_000,
): Promise<number> {
  const js = jetstream(nc, { timeout: 30_000 });
  let last = 0;
  await inParallel(count, atOnce, async (index) => {
    const { subject, body, hdrs } = wireOf(eventAt(index));
    const { seq } = await js.publish(subject, body, { headers: hdrs });
    last = Math.max(last, seq);
  });
  return last;
}

export function wireOf(event: NewEvent) {
  const wire = encode(event);
  const hdrs = headers();
  for (const [name, value] of Object.entries(wire.headers)) hdrs.set(name, value);
  return { subject: wire.subject, body: wire.body, hdrs };
}

/** So many a second, evenly, until told to stop. The log's answers are not waited for, but for the last ones. */
export function steadily(
  nc: NatsConnection,
  perSecond: number,
  eventAt: (count: number) => NewEvent,
): () => Promise<void> {
  const js = jetstream(nc, { timeout: 30_000 });
  const underWay = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  let count = 0;
  const timer = setInterval(() => {
    const owed = ((performance.now() - startedAt) / 1_000) * perSecond;
    while (count < owed) {
      const { subject, body, hdrs } = wireOf(eventAt(count++));
      const publishing = js
        .publish(subject, body, { headers: hdrs })
        .catch((error: unknown) => console.error('not published:', error))
        .finally(() => underWay.delete(publishing));
      underWay.add(publishing);
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(underWay);
  };
}
