import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogicalClock } from './logical-clock.js';

const T0 = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

function clockAt(start = T0) {
  let [wall, monotonic] = [start, 0];
  const clock = createLogicalClock({ wallMs: () => wall, monotonicMs: () => monotonic });
  return {
    clock,
    pass: (ms: number) => {
      wall += ms;
      monotonic += ms;
      return clock.now();
    },
    setWall: (ms: number) => {
      wall = ms;
      return clock.now();
    },
  };
}

describe('time as the scheduler knows it', () => {
  it('is the time on the wall', () => {
    const { clock, pass } = clockAt();
    expect(pass(1_234)).toBe(T0 + 1_234);
    expect(clock.aheadMs()).toBe(0);
  });

  it('follows the wall ahead at once: what is skipped is caught up on', () => {
    const { setWall } = clockAt();
    expect(setWall(T0 + HOUR)).toBe(T0 + HOUR);
  });

  it('goes on, a tenth slower, when the wall goes back, until the two meet', () => {
    const { clock, pass, setWall } = clockAt();
    expect(setWall(T0 - 2 * HOUR)).toBe(T0);
    expect(pass(60_000)).toBe(T0 + 54_000);
    expect(clock.aheadMs()).toBe(2 * HOUR - 6_000);
    pass(20 * HOUR);
    expect(clock.aheadMs()).toBe(0);
  });

  it('starts after what was published, though the wall says that is still to come', () => {
    const { clock, pass } = clockAt();
    clock.raise(T0 + HOUR);
    expect(clock.now()).toBe(T0 + HOUR);
    expect(pass(1_000)).toBe(T0 + HOUR + 900);
  });

  it('never goes back and never stands still, whatever the wall does', () => {
    const anyStep = fc.record({
      pass: fc.integer({ min: 10, max: 60_000 }),
      jump: fc.integer({ min: -3 * HOUR, max: 3 * HOUR }),
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 50 }), (steps) => {
        const { clock, pass, setWall } = clockAt();
        let [before, wall] = [clock.now(), T0];
        for (const step of steps) {
          wall += step.jump;
          setWall(wall);
          wall += step.pass;
          const now = pass(step.pass);
          expect(now - before).toBeGreaterThanOrEqual(Math.floor(step.pass * 0.9));
          expect(now).toBeGreaterThanOrEqual(wall);
          before = now;
        }
      }),
    );
  });
});
