import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { newId } from '@tocsin/kernel';
import { Delivered } from './delivered.js';
import type { Page, PageOptions, ReadOptions, StoredMessage } from './event-log.js';

/** What was counted is handed out within this time, or the page is asked for again. */
const HAND_OUT_MS = 5_000;
/** One that nobody deleted, because its process died, is gone after this much. */
const FORGOTTEN_MS = 30_000;

/** A consumer for one page, gone behind it: the server counts, and only what is wanted travels. */
export async function readPage(
  js: JetStreamClient,
  jsm: JetStreamManager,
  { stream, subjects, from, limit }: PageOptions,
): Promise<Page> {
  const [only = '', ...others] = subjects;
  const info = await jsm.consumers.add(stream, {
    ...startAt(from),
    name: `page-${newId()}`,
    ...(others.length === 0 ? { filter_subject: only } : { filter_subjects: [...subjects] }),
    ack_policy: AckPolicy.None,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: FORGOTTEN_MS * 1_000_000,
  });
  try {
    const wanted = Math.min(limit, info.num_pending);
    const messages: StoredMessage[] = [];
    if (wanted > 0) {
      const batch = await js.consumers
        .getConsumerFromInfo(info)
        .fetch({ max_messages: wanted, expires: HAND_OUT_MS });
      for await (const message of batch) messages.push(new Delivered(stream, message));
    }
    return { messages, remaining: info.num_pending - messages.length };
  } finally {
    await jsm.consumers.delete(stream, info.name).catch(() => undefined);
  }
}

export function startAt(
  from: ReadOptions['from'],
): Pick<ConsumerConfig, 'deliver_policy'> & Partial<ConsumerConfig> {
  return 'sequence' in from
    ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, from.sequence) }
    : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: from.time };
}
