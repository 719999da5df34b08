import { addMs, type Instant, toMs } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HeartbeatState,
  initialDeadline,
  onCadenceChanged,
  onDeadline,
  onReceived,
} from './heartbeat.js';

const ENABLED_AT = '2026-01-01T00:00:00.000Z';
const at = (seconds: number): Instant => addMs(ENABLED_AT, seconds * 1000);
const cadence = { intervalSeconds: 60, graceSeconds: 10 };
const fresh: HeartbeatState = { deadlineAt: initialDeadline(ENABLED_AT, 60, 10) };

describe('a heartbeat', () => {
  it('has one interval and its grace from the start, and again from each receipt', () => {
    expect(fresh.deadlineAt).toBe(at(70));
    expect(onReceived(fresh, at(30), cadence)).toEqual({ lastReceivedAt: at(30), deadlineAt: at(100) });
  });

  it.each([
    ['a repeated', at(30)],
    ['an overtaken', at(20)],
  ])('is not moved by %s receipt', (_, receivedAt) => {
    const state = onReceived(fresh, at(30), cadence);
    expect(onReceived(state, receivedAt, cadence)).toBe(state);
  });

  it('is missed at its deadline and not a millisecond before', () => {
    expect(onDeadline(fresh, addMs(at(70), -1), cadence)).toEqual({ reason: 'not_yet', state: fresh });
    expect(onDeadline(fresh, at(70), cadence)).toEqual({
      reason: 'deadline_passed',
      slot: at(70),
      state: { deadlineAt: at(130) },
    });
  });

  it('is missed once after downtime, with the earlier deadlines recorded', () => {
    expect(onDeadline(fresh, at(200), cadence)).toEqual({
      reason: 'deadline_passed',
      slot: at(190),
      missed: { firstSlot: at(70), lastSlot: at(130), count: 2 },
      state: { deadlineAt: at(250) },
    });
  });

  it('keeps a deadline that a receipt from before the last miss would bring forward', () => {
    const missed = onDeadline(fresh, at(70), { intervalSeconds: 60, graceSeconds: 0 }).state;
    expect(onReceived(missed, at(1), cadence).deadlineAt).toBe(at(130));
  });

  it.each([
    ['lengthened', 300, 0, at(20), at(330)],
    ['shortened: a whole new cadence from the edit', 5, 0, at(50), at(55)],
    ['shortened just before the old deadline: that one stands', 30, 10, at(95), at(100)],
    ['shortened soon after a receipt', 20, 5, at(31), at(56)],
  ])(
    'moves its deadline when its interval is %s',
    (_, intervalSeconds, graceSeconds, changedAt, expected) => {
      const state = onReceived(fresh, at(30), cadence);
      const edit = { changedAt, enabledAt: ENABLED_AT, cadence: { intervalSeconds, graceSeconds } };
      expect(onCadenceChanged(state, edit).deadlineAt).toBe(expected);
    },
  );

  it('counts from the moment it was enabled when it is edited before the first receipt', () => {
    const edit = {
      changedAt: at(5),
      enabledAt: ENABLED_AT,
      cadence: { intervalSeconds: 120, graceSeconds: 0 },
    };
    expect(onCadenceChanged(fresh, edit).deadlineAt).toBe(at(120));
  });

  it('never reports a deadline twice, nor two at one look, whatever arrives and is edited', () => {
    const anyStep = fc.record({
      type: fc.constantFrom('received', 'look', 'edit'),
      gapMs: fc.integer({ min: 0, max: 500_000 }),
      lateMs: fc.integer({ min: 0, max: 500_000 }),
      intervalSeconds: fc.integer({ min: 1, max: 300 }),
      graceSeconds: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        let state = fresh;
        let current = cadence;
        let now = ENABLED_AT;
        let lastSlot = ENABLED_AT;
        for (const { type, gapMs, lateMs, intervalSeconds, graceSeconds } of steps) {
          now = addMs(now, gapMs);
          if (type === 'received') state = onReceived(state, addMs(now, -lateMs), current);
          if (type === 'edit') {
            current = { intervalSeconds, graceSeconds };
            state = onCadenceChanged(state, { changedAt: now, enabledAt: ENABLED_AT, cadence: current });
          }
          if (type !== 'look') continue;
          const decision = onDeadline(state, now, current);
          state = decision.state;
          expect(toMs(state.deadlineAt)).toBeGreaterThan(toMs(now));
          if (decision.reason === 'not_yet') continue;
          expect(toMs(decision.missed?.firstSlot ?? decision.slot)).toBeGreaterThan(toMs(lastSlot));
          lastSlot = decision.slot;
        }
      }),
    );
  });
});
