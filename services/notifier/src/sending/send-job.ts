import { startSpan } from '@tocsin/service-kit';
import { type AttemptDeps, type Attempted, attempt } from './attempt.request.js';
import type { Job } from './desk.js';
import { messageOf } from './message-of.js';

/** The attempt of a job, in the trace of the check that failed. */
export function jobSender(
  deps: AttemptDeps & { readonly publicUrl: string },
): (job: Job) => Promise<Attempted> {
  return async ({ notification, provider, number }) => {
    const span = startSpan('notify', {
      traceparent: notification.traceparent ?? undefined,
      attributes: { 'provider.kind': provider.kind, 'notification.id': notification.id, attempt: number },
    });
    const { event_type: type, data } = notification;
    const attempted = await attempt(
      {
        providerId: provider.id,
        kind: provider.kind,
        config: provider.config,
        secretVersion: provider.secret_version,
        notificationId: notification.id,
        number,
        message: () => messageOf(type ?? '', data ?? {}, deps.publicUrl, deps.now()),
      },
      deps,
    );
    const { outcome } = attempted;
    span.end(outcome.result === 'delivered' ? undefined : new Error(outcome.reason));
    return attempted;
  };
}
