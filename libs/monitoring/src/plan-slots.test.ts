import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSlots } from './plan-slots.js';
import { nextSlotMs, slots } from './slots.js';

const T0 = Date.UTC(2026, 0, 1);
const schedule = { id: '019a3c5e-0000-7000-8000-000000000001', intervalSeconds: 60 };
const next = nextSlotMs(schedule, T0);

describe('what to do since the last look', () => {
  it('runs the slot that has come up', () => {
    expect(planSlots({ schedule, dealtUntilMs: T0, nowMs: next + 3 })).toEqual({
      due: [{ slotMs: next, trigger: 'schedule' }],
      dealtUntilMs: next,
    });
  });

  it('does nothing before the next slot', () => {
    expect(planSlots({ schedule, dealtUntilMs: T0, nowMs: next - 1 })).toEqual({ due: [], dealtUntilMs: T0 });
  });

  it('says so when a slot is late', () => {
    expect(planSlots({ schedule, dealtUntilMs: T0, nowMs: next + 30_000 }).due).toEqual([
      { slotMs: next, trigger: 'catch_up' },
    ]);
  });

  it('K3 runs the first check at once, without waiting for the grid', () => {
    const plan = planSlots({ schedule, dealtUntilMs: T0, firstMs: T0, nowMs: T0 });
    expect(plan).toEqual({ due: [{ slotMs: T0, trigger: 'first' }], dealtUntilMs: T0 });
  });

  it('K3 runs the first check although the clock that enabled the monitor is ahead', () => {
    const plan = planSlots({ schedule, dealtUntilMs: T0 - 50, firstMs: T0, nowMs: T0 - 50 });
    expect(plan.due).toEqual([{ slotMs: T0, trigger: 'first' }]);
  });

  it('runs the slot of the grid that came up before the first check was learnt of', () => {
    expect(planSlots({ schedule, dealtUntilMs: T0, firstMs: T0, nowMs: next }).due).toEqual([
      { slotMs: T0, trigger: 'first' },
      { slotMs: next, trigger: 'schedule' },
    ]);
  });

  it('runs one check, the latest, of a monitor that was created long before anybody looked', () => {
    const nowMs = next + 3_600_000;
    expect(planSlots({ schedule, dealtUntilMs: T0, firstMs: T0, nowMs })).toEqual({
      due: [{ slotMs: nowMs, trigger: 'catch_up' }],
      missed: { firstSlotMs: T0, lastSlotMs: nowMs - 60_000, count: 61 },
      dealtUntilMs: nowMs,
    });
  });

  it('deals with the first check and every slot once, however the looks fall', () => {
    const anyGaps = fc.array(fc.integer({ min: -120_000, max: 600_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 300 }), anyGaps, (id, intervalSeconds, gaps) => {
        const any = { id, intervalSeconds };
        const ran: number[] = [];
        let [nowMs, latestMs, dealtUntilMs, missed] = [T0, T0, T0, 0];
        let firstMs: number | undefined = T0;
        for (const gap of gaps) {
          nowMs += gap;
          latestMs = Math.max(latestMs, nowMs);
          const plan = planSlots({ schedule: any, dealtUntilMs, firstMs, nowMs });
          ran.push(...plan.due.map(({ slotMs }) => slotMs));
          missed += plan.missed?.count ?? 0;
          expect(plan.due.filter(({ trigger }) => trigger !== 'first').length).toBeLessThanOrEqual(1);
          ({ dealtUntilMs } = plan);
          firstMs = undefined;
        }
        const grid = slots(any, T0, latestMs);
        const isOnGrid = grid.includes(T0);
        expect(new Set(ran).size).toBe(ran.length);
        expect(ran.length + missed).toBe(grid.length + (isOnGrid ? 0 : 1));
      }),
    );
  });
});
