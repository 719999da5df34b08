import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Breaker, breakerEvent, CLOSED_BREAKER, decideSend, evolveBreaker } from './breaker.js';

const failed = (atMs: number) => ({ type: 'transport_failed', atMs }) as const;
const failTimes = (times: number, atMs = 0): Breaker =>
  Array.from({ length: times }).reduce<Breaker>(
    (state) => evolveBreaker(state, failed(atMs)),
    CLOSED_BREAKER,
  );

describe('the breaker of a destination', () => {
  it('stays closed for four failures in a row and opens with the fifth', () => {
    expect(decideSend(failTimes(4), 0)).toEqual({ send: true, reason: 'closed' });
    expect(decideSend(failTimes(5), 0)).toEqual({ send: false, reason: 'open', waitMs: 5000 });
  });

  it('counts failures in a row only', () => {
    const answered = evolveBreaker(failTimes(4), { type: 'answered' });
    expect(evolveBreaker(answered, failed(0)).state).toBe('closed');
  });

  it('lets one probe through after the pause and no second beside it', () => {
    const open = failTimes(5, 1000);
    expect(decideSend(open, 5999)).toMatchObject({ send: false, waitMs: 1 });
    expect(decideSend(open, 6000)).toEqual({ send: true, reason: 'probe' });
    const probing = evolveBreaker(open, { type: 'probe_started', atMs: 6000 });
    expect(decideSend(probing, 6001)).toMatchObject({ send: false, reason: 'probe_under_way' });
  });

  it('closes when the probe is answered', () => {
    const probing = evolveBreaker(failTimes(5), { type: 'probe_started', atMs: 5000 });
    expect(evolveBreaker(probing, { type: 'answered' })).toEqual(CLOSED_BREAKER);
  });

  it('pauses twice as long after each failed probe, up to five minutes', () => {
    let state = failTimes(5);
    const pauses: number[] = [];
    for (let atMs = 0; pauses.length < 9; ) {
      const decision = decideSend(state, atMs);
      if (decision.send) throw new Error('open expected');
      pauses.push(decision.waitMs / 1000);
      atMs += decision.waitMs;
      state = evolveBreaker(evolveBreaker(state, { type: 'probe_started', atMs }), failed(atMs));
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('does not wait for ever for a probe whose process died', () => {
    const probing = evolveBreaker(failTimes(5), { type: 'probe_started', atMs: 5000 });
    expect(decideSend(probing, 125_000)).toEqual({ send: true, reason: 'probe' });
  });

  it('does not lengthen the pause for attempts that were already under way', () => {
    const open = failTimes(5, 1000);
    expect(evolveBreaker(open, failed(3000))).toEqual(open);
  });

  it('always says when to come back, and then lets something through', () => {
    const events = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 1e6 }).map((atMs) => failed(atMs)),
        fc.constant({ type: 'answered' } as const),
        fc.integer({ min: 0, max: 1e6 }).map((atMs) => ({ type: 'probe_started', atMs }) as const),
      ),
    );
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 2e6 }), (history, nowMs) => {
        const state = history.reduce(evolveBreaker, CLOSED_BREAKER);
        const decision = decideSend(state, nowMs);
        const waitMs = decision.send ? 0 : decision.waitMs;
        expect(decideSend(state, nowMs + waitMs).send).toBe(true);
      }),
    );
  });

  it.each([
    ['retry', 0, 'transport_failed'],
    ['retry', 503, 'transport_failed'],
    ['retry', 421, 'transport_failed'],
    ['retry', 429, 'answered'],
    ['retry', 450, 'answered'],
    ['permanent', 550, 'answered'],
    ['permanent', 0, 'answered'],
    ['delivered', 200, 'answered'],
  ] as const)('takes %s with %i as %s', (result, status, type) => {
    expect(breakerEvent(result, status, 1).type).toBe(type);
  });
});
