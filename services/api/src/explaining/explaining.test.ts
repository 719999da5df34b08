import type { HistoryStep } from '@tocsin/alerting';
import type { AlertExplanation, TargetExplanation } from '@tocsin/http-api';
import { addMs, derivedId, type Instant } from '@tocsin/kernel';
import { deliveryEventId } from '@tocsin/notifying';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createViews, insertRows, notificationRow, uuid } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { foreigner } from '../testing/given.fixture.js';
import {
  createLogs,
  type Edit,
  livedThrough,
  PROVIDER,
  policyOf,
  record,
  resultOf,
} from '../what-if/past.fixture.js';

const NOW = '2026-03-10T12:00:00.000Z';
const MINUTE = 60_000;
const before = (minutes: number): Instant => addMs(NOW, -minutes * MINUTE);

/** A life of one-minute checks: `u` up, `d` down, `e` not to be made; the last one minute ago. */
function life(number: number, edit: Edit, checks: string, ...edits: HistoryStep[]) {
  const id = uuid(number);
  const steps = [
    policyOf(id, 1, before(checks.length + 10), edit),
    ...checks
      .split('')
      .map((letter, n) =>
        resultOf(
          id,
          before(checks.length - n),
          'local',
          letter === 'u' ? 'up' : letter === 'd' ? 'down' : 'error',
          letter === 'd' ? { error: { code: 'timeout', message: 'no answer in time' } } : {},
        ),
      ),
    ...edits,
  ];
  const alertId = livedThrough(steps).at(-1)?.alertId ?? '';
  return { id, steps, alertId };
}

const thresholds = (failureThreshold: number, recoveryThreshold = 1): Edit => ({
  alertConfig: { failureThreshold, recoveryThreshold },
});
const delivered = life(901, thresholds(2), 'uuddu');
const mutedUntil = addMs(NOW, 60 * MINUTE);
const muted = life(902, { alertConfig: { mutedUntil } }, 'uud');
const below = life(903, thresholds(3), 'uudd');
const deletedProvider = life(904, thresholds(1), 'uud');
const paused = life(905, thresholds(1), 'uu', policyOf(uuid(905), 2, before(0.5), { enabled: false }));
const ours = life(906, thresholds(1), 'uuee');
const unplanned = life(907, thresholds(1), 'uud');
const late = life(908, thresholds(2), 'uud');

const raisedEvent = (alertId: string) => derivedId('event of', alertId);
let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => NOW);
  await createViews(api.db);
  await createLogs(api.db);
  for (const one of [delivered, muted, below, deletedProvider, paused, ours, unplanned, late])
    await record(api.db, one);
  const row = (number: number, alertId: string, more: object) =>
    notificationRow(number, 60, {
      alert_id: alertId,
      alert_event_id: raisedEvent(alertId),
      provider_id: PROVIDER,
      ...more,
    });
  await insertRows(api.db, 'notifier.notification', [
    row(31, delivered.alertId, { state: 'delivered', reason: 'told', attempts: 2 }),
    row(32, delivered.alertId, {
      alert_event: 'alert.resolved',
      state: 'delivered',
      reason: 'heard_the_raise',
      planned_at: NOW,
    }),
    row(33, muted.alertId, { state: 'muted', reason: 'muted', attempts: 0 }),
    row(34, deletedProvider.alertId, {
      state: 'muted',
      reason: 'provider_deleted',
      provider_name: '',
      provider_kind: '',
      attempts: 0,
    }),
  ]);
  const attempt = { notification_id: uuid(31), started_at: before(1), finished_at: before(1), excerpt: '' };
  await insertRows(api.db, 'notifier.attempt', [
    { ...attempt, number: 1, outcome: 'not_now', status: 503, reason: 'unavailable' },
    { ...attempt, number: 2, outcome: 'delivered', status: 200 },
  ]);
  await insertRows(api.db, 'results.status_history', [
    { id: uuid(1), target_id: below.id, to_status: 'up', changed_at: before(20) },
    { id: uuid(2), target_id: below.id, to_status: 'down', changed_at: before(2) },
  ]);
  await insertRows(api.db, 'results.missed_slot', [
    {
      event_id: uuid(77),
      monitor_id: late.id,
      from_slot: before(0.9),
      to_slot: before(0.5),
      count: 3,
      reason: 'scheduler_was_down',
      recorded_at: NOW,
    },
  ]);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

async function alert(id: string): Promise<AlertExplanation> {
  const { status, body } = await api.admin.get(`/alerts/${id}/explanation`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as AlertExplanation;
}
async function monitor(id: string, at?: Instant): Promise<TargetExplanation> {
  const { status, body } = await api.admin.get(
    `/monitors/${id}/explanation${at === undefined ? '' : `?at=${at}`}`,
  );
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as TargetExplanation;
}
const chain = ({ steps }: Pick<AlertExplanation, 'steps'>) =>
  steps.map(({ what, code }) => `${what} ${code}`);

describe('an alert', () => {
  it('that was delivered has every link from the checks to the last attempt, with the events', async () => {
    const told = await alert(delivered.alertId);
    expect(chain(told)).toEqual([
      'policy policy_in_force',
      'result down',
      'result down',
      'decision threshold_reached',
      'plan told',
      'attempt not_now',
      'attempt delivered',
      'outcome delivered',
      'result up',
      'alert recovered',
      'plan told',
      'outcome delivered',
    ]);
    expect(told.sentence).toContain('the threshold of 2 was reached. Told to hook.');
    expect(told.notTold).toEqual([]);
    const { steps } = told;
    expect(steps[1]).toMatchObject({
      stream: 'RESULTS',
      subject: `result.1.default.monitor.${delivered.id}`,
      sentence: `The check of ${before(3)} at local failed: no answer in time.`,
    });
    expect(steps.slice(0, 4).every(({ eventId }) => eventId !== null)).toBe(true);
    expect(steps[5]?.sentence).toBe('Attempt 1 at hook was refused for now: answer 503, unavailable.');
    expect(steps[7]).toMatchObject({
      eventId: deliveryEventId(uuid(31), 'delivered', 2),
      stream: 'DELIVERIES',
      subject: `delivery.default.webhook.${PROVIDER}.delivered`,
    });
  });

  it('that was muted says so, until when, and whom it was kept from', async () => {
    const told = await alert(muted.alertId);
    expect(told.sentence).toContain(`told to nobody, muted until ${mutedUntil}.`);
    expect(told.notTold).toEqual([
      {
        alertId: muted.alertId,
        alertEvent: 'alert.raised',
        providerId: PROVIDER,
        providerName: 'hook',
        code: 'muted',
        sentence: `hook was not told: muted until ${mutedUntil}.`,
      },
    ]);
  });

  it('whose provider is gone says that', async () => {
    const { notTold, sentence } = await alert(deletedProvider.alertId);
    expect(sentence).toContain('Nobody has been told so far.');
    expect(notTold[0]).toMatchObject({
      code: 'provider_deleted',
      sentence: `provider ${PROVIDER} was not told: the provider had been deleted.`,
    });
  });

  it('that the notifier has not come to is waiting', async () => {
    expect((await alert(unplanned.alertId)).notTold).toMatchObject([
      { code: 'not_planned_yet', providerId: PROVIDER },
    ]);
  });

  it('of another project does not exist', async () => {
    const other = await foreigner(api);
    expect((await other.get(`/alerts/${muted.alertId}/explanation`)).status).toBe(404);
    expect((await other.get(`/monitors/${muted.id}/explanation`)).status).toBe(404);
    expect((await api.admin.get(`/jobs/${uuid(5)}/explanation`)).status).toBe(404);
  });
});

describe('a monitor', () => {
  it('below the threshold says how far it was', async () => {
    const told = await monitor(below.id, before(0.5));
    expect(told).toMatchObject({ status: 'down', exact: true, openAlerts: [], notTold: [] });
    expect(told.sentence).toBe(
      `No alert was open. Failure 2 of 3: below the threshold. The next check was due at ${NOW}.`,
    );
    expect(chain(told).slice(-3)).toEqual([
      'result down',
      'decision below_threshold',
      'state below_threshold',
    ]);
    expect(told.steps.at(-2)?.numbers).toMatchObject({ failures: 2, failureThreshold: 3 });
  });

  it('is explained as it was at an instant, and not as it is now', async () => {
    const told = await monitor(below.id, before(2.5));
    expect(told).toMatchObject({ at: before(2.5), status: 'up' });
    expect(told.sentence).toContain('It succeeded and no alert was open');
    const earlier = await monitor(delivered.id, before(1.5));
    expect(earlier.openAlerts).toEqual([delivered.alertId]);
    expect((await monitor(delivered.id)).openAlerts).toEqual([]);
  });

  it('that is muted has its alert, and nobody was told', async () => {
    const told = await monitor(muted.id);
    expect(told.sentence).toContain(`and nobody was told: muted until ${mutedUntil}.`);
    expect(told.openAlerts).toEqual([muted.alertId]);
    expect(told.notTold).toMatchObject([{ code: 'muted', alertId: muted.alertId }]);
    expect(told.steps.at(-2)?.sentence).toContain('an alert was raised but nobody was told');
  });

  it('that is paused says since when', async () => {
    const told = await monitor(paused.id);
    expect(told.sentence).toContain(`It was paused at ${before(0.5)}`);
    expect(told.steps.at(-1)?.code).toBe('paused');
  });

  it('that could not be checked says that this counts neither way', async () => {
    expect((await monitor(ours.id)).sentence).toContain('it counts neither way. It is number 2 in a row.');
  });

  it('whose slots were missed says why', async () => {
    const told = await monitor(late.id);
    expect(told.sentence).toContain('Failure 1 of 2: below the threshold. A check was due at');
    expect(told.steps.at(-2)).toMatchObject({
      code: 'scheduler_was_down',
      eventId: uuid(77),
      sentence: expect.stringContaining('3 checks due from') as unknown,
    });
  });

  it('before anything was known of it says that', async () => {
    expect((await monitor(below.id, before(60))).steps.at(-1)?.code).toBe('no_policy');
  });
});
