import type { AlertDetail } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import { timelineOf } from './timeline.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, seconds)).toISOString();

const check = (seconds: number, outcome: string) => ({
  eventId: `check-${seconds}`,
  slot: at(seconds),
  finishedAt: at(seconds),
  location: 'local',
  outcome,
  latencyMs: 5,
});

const notification = (alertEvent: string, seconds: number) =>
  ({
    id: `${alertEvent} ${seconds}`,
    alertEvent,
    plannedAt: at(seconds),
    attempts: [],
  }) as unknown as AlertDetail['notifications'][number];

const alert = (change: Partial<AlertDetail>): AlertDetail =>
  ({
    raisedAt: at(20),
    resolvedAt: null,
    resolvedReason: null,
    untold: null,
    acknowledgement: null,
    evidence: [check(10, 'down'), check(20, 'down')],
    resolvedEvidence: [],
    notifications: [],
    ...change,
  }) as AlertDetail;

describe('the timeline of an alert', () => {
  it('is told in the order in which it happened, causes before effects', () => {
    const entries = timelineOf(
      alert({
        notifications: [notification('alert.resolved', 50), notification('alert.raised', 20)],
        acknowledgement: { at: at(30), by: 'Ada', note: '' },
        resolvedAt: at(50),
        resolvedReason: 'recovered',
        resolvedEvidence: [check(50, 'up')],
      }),
    );
    expect(entries.map(({ kind, at: when }) => `${kind} ${when.slice(17, 19)}`)).toEqual([
      'check 10',
      'check 20',
      'raised 20',
      'notification 20',
      'acknowledged 30',
      'check 50',
      'resolved 50',
      'notification 50',
    ]);
  });

  it('says why nobody was told', () => {
    expect(timelineOf(alert({ untold: 'muted' })).at(-1)).toEqual({
      kind: 'untold',
      at: at(20),
      reason: 'muted',
    });
  });
});
