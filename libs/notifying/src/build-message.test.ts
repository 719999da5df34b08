import type { AlertTarget, AlertType, Evidence, ResolveReason } from '@tocsin/alerting';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TellableEvent } from './alert-event.js';
import { buildMessage } from './build-message.js';
import { testMessage } from './test-message.js';
import { VARIABLE_NAMES } from './variables.js';

const failing: Evidence = {
  eventId: 'e1',
  slot: '2026-03-01T12:00:00.000Z',
  finishedAt: '2026-03-01T12:00:00.250Z',
  location: 'local',
  outcome: 'down',
  error: { code: 'connection_refused', message: 'connection refused' },
  latencyMs: 12.4,
};

interface Given {
  readonly name?: string;
  readonly kind?: AlertTarget['kind'];
  readonly type?: AlertType;
  readonly customMessage?: string;
  readonly error?: string;
}

const common = (given: Given) => ({
  alertId: 'a1',
  project: 'default',
  target: {
    id: 't1',
    kind: given.kind ?? 'monitor',
    name: given.name ?? 'shop',
    url: given.kind === 'job' ? '' : 'https://shop.example',
  },
  type: given.type ?? 'failure',
  severity: 'error' as const,
  policyRevision: 3,
  providers: ['p1'],
  customMessage: given.customMessage ?? '',
  position: 9,
  raisedAt: '2026-03-01T12:01:00.250Z',
});

const evidence = (given: Given) =>
  given.error === undefined ? [failing] : [{ ...failing, error: { code: 'x', message: given.error } }];

const raised = (given: Given = {}): TellableEvent => ({
  type: 'alert.raised',
  data: {
    ...common(given),
    reason: 'threshold_reached',
    since: '2026-03-01T12:00:00.000Z',
    locations: ['local', 'fra'],
    evidence: evidence(given),
  },
});

const unmuted = (given: Given = {}): TellableEvent => ({
  type: 'alert.unmuted',
  data: {
    ...common(given),
    since: '2026-03-01T12:00:00.000Z',
    unmutedAt: '2026-03-01T14:00:00.000Z',
    evidence: evidence(given),
  },
});

const resolved = (reason: ResolveReason, given: Given = {}): TellableEvent => ({
  type: 'alert.resolved',
  data: {
    ...common(given),
    reason,
    since: '2026-03-01T12:00:00.000Z',
    resolvedAt: '2026-03-01T14:06:00.250Z',
    durationMs: 7_500_000,
    evidence: reason === 'recovered' ? [{ ...failing, outcome: 'up', error: undefined, latencyMs: 80 }] : [],
    recoveryWanted: true,
  },
});

const build = (event: TellableEvent) => buildMessage(event, { publicUrl: 'https://tocsin.example/' });

describe('titles', () => {
  it.each<[string, TellableEvent]>([
    ['shop is down', raised()],
    ['shop failed', raised({ kind: 'job' })],
    ['shop timed out', raised({ kind: 'job', type: 'timeout' })],
    ['shop succeeded', raised({ kind: 'job', type: 'success' })],
    ['shop has a certificate that expires soon', raised({ type: 'ssl_expiring' })],
    ['shop cannot be checked', raised({ type: 'unobservable' })],
    ['shop is still down', unmuted()],
    ['shop is still failing', unmuted({ kind: 'job' })],
    ['shop is up again', resolved('recovered')],
    ['shop passes again', resolved('recovered', { kind: 'job' })],
    ['shop finishes in time again', resolved('recovered', { kind: 'job', type: 'timeout' })],
    ['shop has a fresh certificate', resolved('recovered', { type: 'ssl_expiring' })],
    ['shop can be checked again', resolved('recovered', { type: 'unobservable' })],
    ['shop: alert ended', resolved('ended', { kind: 'job', type: 'timeout' })],
    ['shop: alert closed, the monitor was paused', resolved('paused')],
    ['shop: alert closed, alerts of the monitor were disabled', resolved('disabled')],
    ['shop: alert closed, the job was deleted', resolved('deleted', { kind: 'job' })],
    ['shop: alert closed, another alert took its place', resolved('superseded')],
  ])('%s', (title, event) => {
    expect(build(event).title).toBe(title);
  });
});

describe('a message', () => {
  it('says what, since when, why, and where to look', () => {
    expect(build(raised())).toMatchObject({
      event: 'alert.raised',
      severity: 'error',
      text: 'shop (https://shop.example) is down, since 2026-03-01 12:00:00 UTC. Cause: connection refused.',
      link: 'https://tocsin.example/alerts/a1',
      customText: '',
      fields: [
        { label: 'Monitor', value: 'shop' },
        { label: 'Address', value: 'https://shop.example' },
        { label: 'Since', value: '2026-03-01 12:00:00 UTC' },
        { label: 'Cause', value: 'connection refused' },
        { label: 'Locations', value: 'local, fra' },
      ],
    });
  });

  it('says how long it lasted when it is over', () => {
    const message = build(resolved('recovered'));
    expect(message.text).toBe(
      'shop (https://shop.example) is up again. The alert lasted 2 h 5 min, from 2026-03-01 12:01:00 UTC to 2026-03-01 14:06:00 UTC.',
    );
    expect(message.severity).toBe('success');
    expect(message.alert).toMatchObject({
      state: 'resolved',
      resolvedReason: 'recovered',
      durationMs: 7_500_000,
    });
  });

  it.each<ResolveReason>(['paused', 'disabled', 'deleted', 'superseded', 'ended'])(
    'R8: an end because %s is never told as a recovery',
    (reason) => {
      const message = build(resolved(reason));
      const all = `${message.title} ${message.text.replace('whether it recovered is not known', '')}`;
      expect(all).not.toMatch(/again|recover|is up/i);
      expect(message.severity).toBe('info');
      expect(message.variables).toMatchObject({ type: 'monitor_closed', eventAction: 'resolve' });
    },
  );

  it('K15: adds the custom message with its variables and replaces nothing', () => {
    const customMessage = 'Call {{targetName}} owner; {{errorMessage}} {{7*7}} {{nobody}}';
    const message = build(raised({ customMessage }));
    expect(message.customText).toBe('Call shop owner; connection refused {{7*7}} {{nobody}}');
    expect(message.variables).toMatchObject({ customMessage: message.customText });
    const { title, text, fields } = build(raised());
    expect(message).toMatchObject({ title, text, fields });
  });

  it('tells a mute apart from the outage', () => {
    expect(build(unmuted()).text).toContain('since 2026-03-01 12:00:00 UTC; it was muted until now. Cause:');
  });

  it('has no link without a public URL', () => {
    expect(buildMessage(raised(), { publicUrl: '' })).toMatchObject({
      link: '',
      variables: { dashboardUrl: '' },
    });
  });

  it('SEC9: keeps names and errors on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, error) => {
        for (const event of [
          raised({ name, error }),
          unmuted({ name, error }),
          resolved('paused', { name }),
        ]) {
          const { title, text, fields } = build(event);
          for (const line of [title, text, ...fields.map(({ value }) => value)]) {
            expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
            expect(line.isWellFormed()).toBe(true);
          }
        }
      }),
    );
  });
});

describe('P24: the variables of templates', () => {
  it.each<[string, TellableEvent, Record<string, string>]>([
    [
      'a failing monitor',
      raised(),
      {
        type: 'monitor_failure',
        status: 'down',
        normalizedSeverity: 'critical',
        alertAction: 'trigger',
        victorOpsMessageType: 'CRITICAL',
        dedupKey: 'monitor:t1',
        responseTime: '12',
        errorMessage: 'connection refused',
        timestamp: '2026-03-01T12:01:00.250Z',
        durationMs: '0',
        alertId: 'a1',
      },
    ],
    [
      'its recovery',
      resolved('recovered'),
      {
        type: 'monitor_recovery',
        status: 'up',
        severity: 'success',
        eventAction: 'resolve',
        pagerDutyEventAction: 'resolve',
        splunkOnCallMessageType: 'RECOVERY',
        dedupKey: 'monitor:t1',
        responseTime: '80',
        duration: '2 h 5 min',
        durationMs: '7500000',
      },
    ],
    [
      'a failed job',
      raised({ kind: 'job' }),
      { type: 'job_failed', status: 'failed', dedupKey: 'job:t1', monitorType: 'job' },
    ],
    [
      'a job that passes again',
      resolved('recovered', { kind: 'job' }),
      { type: 'job_success', eventAction: 'resolve' },
    ],
    [
      'a job that timed out',
      raised({ kind: 'job', type: 'timeout' }),
      { type: 'job_timeout', status: 'timeout' },
    ],
    [
      'a job that succeeded',
      raised({ kind: 'job', type: 'success' }),
      { type: 'job_success', eventAction: 'resolve' },
    ],
    [
      'a certificate',
      raised({ type: 'ssl_expiring' }),
      { type: 'ssl_expiring', dedupKey: 'ssl:t1', status: 'warning' },
    ],
    ['blindness', raised({ type: 'unobservable' }), { type: 'monitor_unobservable', status: 'unknown' }],
  ])('%s', (_, event, expected) => {
    expect(build(event).variables).toMatchObject(expected);
  });

  it('are all there, in every message', () => {
    const test = testMessage({ project: 'default', providerName: 'x', publicUrl: '', now: failing.slot });
    for (const message of [build(raised()), build(unmuted()), build(resolved('recovered')), test]) {
      expect(Object.keys(message.variables).toSorted()).toEqual([...VARIABLE_NAMES].toSorted());
      expect(message.variables.responseTime).toMatch(/^\d+$/);
      expect(message.variables.durationMs).toMatch(/^\d+$/);
    }
  });
});
