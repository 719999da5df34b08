import type { ChaosReport } from './chaos.fixture.js';

/** How many notifications one notifier sends at once at most in these runs: what a kill may repeat. */
const IN_FLIGHT = 6;

/** Design section 10 against what a run counted. @returns the broken promises, in words */
export function brokenPromises(report: ChaosReport): string[] {
  const { outages, kills } = report;
  const wanted: [string, unknown, unknown][] = [
    ['alerts raised', report.raised, outages],
    ['alerts resolved', report.resolved, outages],
    ['AlertRaised on the log', report.events.AlertRaised, outages],
    ['AlertResolved on the log', report.events.AlertResolved, outages],
    ['notifications delivered', report.notifications.delivered, outages * 2],
    ['notifications that are not delivered', Object.keys(report.notifications).join(), 'delivered'],
    ['notifications at the receiver', report.distinct, outages * 2],
    ['slots counted twice', report.doubleSlots, 0],
    ['events put aside', report.deadLetters, 0],
    ['broken links of the chain', report.brokenChains, ''],
  ];
  const broken = wanted
    .filter(([, is, shouldBe]) => is !== shouldBe)
    .map(([what, is, shouldBe]) => `${what}: ${String(is)}, not ${String(shouldBe)}`);
  if (outages === 0) broken.push('no outage was seen from start to end: the run shows nothing');
  // A repeat is only possible where a process died between the receiver's answer and our commit.
  const repeats = report.received - report.distinct;
  const possible = ((kills.notifier ?? 0) + (kills.postgres ?? 0)) * IN_FLIGHT;
  if (repeats > possible)
    broken.push(`${repeats} repeated notifications, at most ${possible} can be explained`);
  return broken;
}
