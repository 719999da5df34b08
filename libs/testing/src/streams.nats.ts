import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { executorConsumer, filters, STREAMS } from '@tocsin/contracts';

/** The product's streams and the executors' consumer on a test server, small; the provision step makes the real ones. */
export async function createStreams(natsUrl: string, ackWaitMs = 30_000): Promise<void> {
  const { host, username, password } = new URL(natsUrl);
  const nc = await connect({
    servers: host,
    user: decodeURIComponent(username),
    pass: decodeURIComponent(password),
  });
  try {
    const jsm = await jetstreamManager(nc);
    for (const { name, subjects, retention, discard, maxPerSubject } of STREAMS)
      await jsm.streams.add({
        name,
        subjects: [...subjects],
        retention,
        discard,
        max_bytes: 256 * 1024 ** 2,
        max_msgs_per_subject: maxPerSubject || -1,
        allow_direct: true,
        duplicate_window: nanos(120_000),
      });
    await jsm.consumers.add('CHECKS', {
      durable_name: executorConsumer('local'),
      ack_policy: 'explicit',
      ack_wait: nanos(ackWaitMs),
      max_ack_pending: 20_000,
      filter_subject: filters.checksAt('local'),
    });
  } finally {
    await nc.close();
  }
}
