import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import {
  ARTIFACT_BUCKET,
  executorConsumer,
  filters,
  OUTPUT_STREAM,
  runnerConsumer,
  STREAMS,
} from '@tocsin/contracts';

/** The product's streams and the executors' consumers on a test server, small; the provision step makes the real ones. */
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
    for (const [durable_name, filter_subject] of [
      [executorConsumer('local'), filters.checksAt('local')],
      [runnerConsumer('local'), filters.runsAt('local')],
    ] as const)
      await jsm.consumers.add('CHECKS', {
        durable_name,
        ack_policy: 'explicit',
        ack_wait: nanos(ackWaitMs),
        max_ack_pending: 20_000,
        filter_subject,
      });
    await createRunStreams(jsm);
  } finally {
    await nc.close();
  }
}

async function createRunStreams(jsm: JetStreamManager): Promise<void> {
  await jsm.streams.add({
    name: OUTPUT_STREAM.name,
    subjects: [...OUTPUT_STREAM.subjects],
    storage: 'memory',
    discard: 'old',
    max_bytes: 64 * 1024 ** 2,
    max_msgs_per_subject: OUTPUT_STREAM.maxPerSubject,
    allow_direct: true,
  });
  // What `Objm.create` makes of a bucket.
  const { name } = ARTIFACT_BUCKET;
  await jsm.streams.add({
    name: `OBJ_${name}`,
    subjects: [`$O.${name}.C.>`, `$O.${name}.M.>`],
    discard: 'new',
    max_bytes: 256 * 1024 ** 2,
    allow_rollup_hdrs: true,
    allow_direct: true,
  });
}
