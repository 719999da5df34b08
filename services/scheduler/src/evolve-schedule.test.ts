import { addMs } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { evolveSchedule } from './evolve-schedule.js';
import type { MonitorSchedule } from './schedule.js';
import { configured, deleted, heartbeat, logged, T0 } from './testing.js';

const after = (...events: Parameters<typeof logged>[0][]): MonitorSchedule | undefined =>
  events.reduce<MonitorSchedule | undefined>(
    (known, event) => evolveSchedule(known, logged(event)),
    undefined,
  );

describe('what the scheduler knows of a monitor', () => {
  it('is what it was configured to last, whatever order the revisions come in', () => {
    const [first, second] = [configured({ target: 'a' }), configured({ revision: 2, target: 'b' })];
    expect(after(first, second)?.target).toBe('b');
    expect(after(second, first)?.target).toBe('b');
    expect(after(first, second, first, second)).toEqual(after(first, second));
  });

  it('is nothing that runs once it is deleted, though an older event is told again', () => {
    const schedule = after(configured(), deleted({ revision: 2 }), configured());
    expect(schedule).toMatchObject({ deleted: true, enabled: false });
  });

  it('does not change with events of others', () => {
    const known = after(configured());
    expect(evolveSchedule(known, logged(heartbeat({ trigger: 'schedule' })))).toBe(known);
  });
});

describe('when a heartbeat is expected', () => {
  const monitor = configured({ type: 'heartbeat', intervalSeconds: 60, config: { graceSeconds: 10 } });
  const deadline = (...events: Parameters<typeof logged>[0][]) =>
    after(monitor, ...events)?.heartbeat?.deadlineAt;

  it('is an interval and its grace after it is enabled', () => {
    expect(deadline()).toBe(addMs(T0, 70_000));
  });

  it('is an interval and its grace after the last sign of life, a reported failure included', () => {
    expect(deadline(heartbeat({ slot: addMs(T0, 30_000) }))).toBe(addMs(T0, 100_000));
    expect(deadline(heartbeat({ slot: addMs(T0, 30_000), outcome: 'down' }))).toBe(addMs(T0, 100_000));
  });

  it('is an interval after a miss, for the next one to count', () => {
    const missed = heartbeat({ slot: addMs(T0, 70_000), trigger: 'deadline', outcome: 'down' });
    expect(deadline(missed)).toBe(addMs(T0, 130_000));
    expect(deadline(missed, missed)).toBe(addMs(T0, 130_000));
  });

  it('moves with an edit of the interval', () => {
    const edit = { type: 'heartbeat', config: { graceSeconds: 10 }, revision: 2 };
    const slower = configured({ ...edit, intervalSeconds: 600, changedAt: addMs(T0, 5_000) });
    expect(deadline(slower)).toBe(addMs(T0, 610_000));
    const faster = configured({ ...edit, intervalSeconds: 1, changedAt: addMs(T0, 5_000) });
    expect(deadline(faster)).toBe(addMs(T0, 16_000));
  });

  it('stays where it is when something else is edited', () => {
    const heard = heartbeat({ slot: addMs(T0, 30_000) });
    const renamed = configured({ type: 'heartbeat', config: { graceSeconds: 10 }, name: 'new', revision: 2 });
    expect(deadline(heard, renamed)).toBe(addMs(T0, 100_000));
  });

  it('starts anew with a resume, and nothing from before it counts', () => {
    const resumedAt = addMs(T0, 3_600_000);
    const resumed = configured({
      type: 'heartbeat',
      config: { graceSeconds: 10 },
      revision: 2,
      enabledAt: resumedAt,
    });
    expect(deadline(resumed)).toBe(addMs(resumedAt, 70_000));
    const early = heartbeat({ slot: addMs(T0, 1_000) });
    expect(after(monitor, early, resumed)).toEqual(after(monitor, resumed, early));
  });

  it('cannot be told from settings that make no sense: the event is put aside', () => {
    const broken = configured({ type: 'heartbeat', config: { graceSeconds: 'long' } });
    expect(() => after(broken)).toThrow('not understood');
  });
});
