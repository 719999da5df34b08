import type { DecisionReason } from '@tocsin/alerting';
import { toMs } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { Made } from './batch.js';

export interface Folded {
  readonly made: readonly Made[];
  readonly reasons: ReadonlyMap<DecisionReason, number>;
  /** results of the past of which the rules of today make something else than the log says */
  readonly differences: number;
}

/** Says what a committed batch came to. */
export function createReport(metrics: Metrics, logger: Logger, now: () => number) {
  const decisions = metrics.counter({
    name: 'decisions_total',
    help: 'Results, policies and acknowledgements by what the rules made of them',
    labels: ['reason'],
  });
  const raised = metrics.counter({
    name: 'alerts_raised_total',
    help: 'Alerts raised, told or not',
    labels: ['type', 'reason'],
  });
  const resolved = metrics.counter({
    name: 'alerts_resolved_total',
    help: 'Alerts that ended',
    labels: ['type', 'reason'],
  });
  const seconds = metrics.histogram({
    name: 'alert_decided_seconds',
    help: 'From the end of the failing check to the alert committed',
  });
  const differing = metrics.counter({
    name: 'replay_differences_total',
    help: 'Results of a rebuild that the rules of today would judge otherwise than the alert log says',
  });
  return ({ made, reasons, differences }: Folded): void => {
    for (const [reason, count] of reasons) decisions.inc({ reason }, count);
    for (const { event } of made) {
      if (event.type !== 'AlertRaised' && event.type !== 'AlertResolved') continue;
      const { type, reason, alertId, target, project } = event.data;
      const fields = { alertId, project, targetId: target.id, type, reason };
      if (event.type === 'AlertRaised') {
        raised.inc({ type, reason });
        seconds.observe(Math.max(0, now() - toMs(event.data.raisedAt)) / 1_000);
        logger.info(fields, 'alert raised');
      } else {
        resolved.inc({ type, reason });
        logger.info(fields, 'alert resolved');
      }
    }
    if (differences === 0) return;
    differing.inc(differences);
    logger.warn({ differences }, 'the rules of today would have decided otherwise; the alert log stands');
  };
}

export type Report = ReturnType<typeof createReport>;
