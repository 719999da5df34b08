import { describe, expect, it } from 'vitest';
import { followIncident, type Incident } from './incident.js';
import { providerFailureMessage } from './provider-failure.js';
import { settleAttempt } from './settle.js';

const at = (second: number) =>
  new Date(Date.parse('2026-03-01T12:00:00.000Z') + second * 1_000).toISOString();

describe('N6: a provider that does not carry messages', () => {
  it('is told of at once, and once, when a notification is given up', () => {
    const first = followIncident(undefined, { type: 'gave_up', reason: 'http_404' }, at(0));
    expect(first).toEqual({ tell: true, incident: { since: at(0), reason: 'http_404', toldAt: at(0) } });
    expect(followIncident(first.incident, { type: 'gave_up', reason: 'http_404' }, at(9)).tell).toBe(false);
  });

  it('is told of after two minutes when it cannot be reached', () => {
    let incident: Incident | undefined;
    const told: number[] = [];
    for (const second of [0, 5, 119, 120, 121, 300]) {
      const followed = followIncident(incident, { type: 'unreachable' }, at(second));
      incident = followed.incident;
      if (followed.tell) told.push(second);
    }
    expect(told).toEqual([120]);
  });

  it('is told of anew after it delivered in between', () => {
    const failing = followIncident(undefined, { type: 'gave_up', reason: 'gone' }, at(0));
    const well = followIncident(failing.incident, { type: 'delivered' }, at(1));
    expect(well).toEqual({ incident: undefined, tell: false });
    expect(followIncident(well.incident, { type: 'gave_up', reason: 'gone' }, at(2)).tell).toBe(true);
  });

  it('is named in a message that opens no incident at its receiver', () => {
    const message = providerFailureMessage(
      {
        incidentId: 'i1',
        project: 'default',
        providerId: 'p1',
        providerName: 'pager\n<b>',
        providerKind: 'webhook',
        reason: 'gone',
        since: at(0),
        disabled: true,
      },
      { publicUrl: '', now: at(9) },
    );
    expect(message).toMatchObject({ event: 'provider.failing', target: { id: 'p1', kind: 'provider' } });
    expect(message.title).toBe('Notifications through pager <b> fail');
    expect(message.text).toContain('since 2026-03-01 12:00:00 UTC: gone. It was switched off');
    expect(message.variables).toMatchObject({ eventAction: 'resolve', dedupKey: 'provider:p1' });
  });
});

describe('an attempt', () => {
  it.each([
    ['delivered', 1, { state: 'delivered' }],
    ['permanent', 1, { state: 'failed', reason: 'permanent' }],
    ['retry', 1, { state: 'planned', delayMs: 1_000 }],
    ['retry', 14, { state: 'failed', reason: 'exhausted' }],
  ] as const)('that ends as %s the %i. time', (result, attempt, expected) => {
    expect(settleAttempt({ result }, { attempt, random: 0 })).toEqual(expected);
  });
});
