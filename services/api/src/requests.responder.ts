import type { NatsHandle } from '@tocsin/service-kit';

/**
 * Answers one kind of question until the signal. Plain request/reply: whoever asks holds a connection with permissions
 * and an inbox of its own already, where Nest's transport would open another.
 * @param answer never rejects
 */
export async function respond(
  nats: NatsHandle,
  subject: string,
  answer: (question: string) => Promise<object>,
  signal: AbortSignal,
): Promise<void> {
  const nc = await nats.connection().catch(() => undefined);
  if (nc === undefined || signal.aborted) return;
  const subscription = nc.subscribe(subject, { queue: 'api' });
  signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
  for await (const message of subscription) {
    void answer(message.string()).then((given) => message.respond(JSON.stringify(given)));
  }
}
