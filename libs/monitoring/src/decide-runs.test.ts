import { addMs, type Instant } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRuns, decideSlot, type JobOfRun, type LiveRun, type RunLimits } from './decide-runs.js';

const T0 = '2026-01-01T00:00:00.000Z';
const HOUR = 3_600_000;
const limits: RunLimits = {
  perProject: 2,
  notBegunAfterMs: 7 * 24 * HOUR,
  notTakenAfterMs: HOUR,
  graceMs: 60_000,
};
const job: JobOfRun = { allowOverlap: false, tests: 1 };
const base = { jobId: 'job', project: 'default', queuedAt: T0, job, isHeardOut: true };
type Part = Partial<Omit<LiveRun, 'state'>>;
const queued = (runId: string, part: Part = {}): LiveRun => ({
  ...base,
  jobId: runId,
  ...part,
  runId,
  state: 'queued',
});
const dispatched = (runId: string, part: Part = {}): LiveRun => ({
  ...base,
  jobId: runId,
  ...part,
  runId,
  state: 'dispatched',
  dispatchedAt: T0,
});
const running = (runId: string, part: Part = {}): LiveRun => ({
  ...base,
  jobId: runId,
  ...part,
  runId,
  state: 'running',
  deadlineAt: addMs(T0, HOUR),
});

const told = (live: readonly LiveRun[], now: Instant = T0, with_: Partial<RunLimits> = {}) =>
  decideRuns(live, now, { ...limits, ...with_ }).map(
    ({ type, run, reason }) => `${type} ${run.runId}: ${reason}`,
  );

describe('who may run', () => {
  it.each<[string, LiveRun[], string[]]>([
    ['nobody waits', [], []],
    ['there is room', [queued('a')], ['dispatch a: free']],
    [
      'there is room for some: first come, first served',
      [queued('a'), queued('b'), queued('c')],
      ['dispatch a: free', 'dispatch b: free'],
    ],
    ['the project is full', [running('a'), dispatched('b'), queued('c')], []],
    [
      'another project is full',
      [running('a'), running('b'), queued('c', { project: 'other' })],
      ['dispatch c: free'],
    ],
    [
      'its job runs already: it waits, and those after it do not',
      [running('a', { jobId: 'x' }), queued('b', { jobId: 'x' }), queued('c')],
      ['dispatch c: free'],
    ],
    [
      'two of a job wait: one of them goes',
      [queued('a', { jobId: 'x' }), queued('b', { jobId: 'x' })],
      ['dispatch a: free'],
    ],
    [
      'its job allows overlap',
      [running('a', { jobId: 'x' }), queued('b', { jobId: 'x', job: { allowOverlap: true, tests: 1 } })],
      ['dispatch b: free'],
    ],
    [
      'a place is free in the same look in which its holder is given up',
      [dispatched('a', { cancelRequestedAt: T0 }), running('b'), queued('c')],
      ['stop a: cancel_requested', 'finish a: cancel_requested', 'dispatch c: free'],
    ],
  ])('%s', (_, live, expected) => {
    expect(told(live)).toEqual(expected);
  });
});

describe('how a run ends that no executor speaks of', () => {
  const deleted = { job: { ...job, deletedAt: addMs(T0, 1_000) } };
  it.each<[string, LiveRun, number, string[]]>([
    ['cancelled in the queue', queued('a', { cancelRequestedAt: T0 }), 0, ['finish a: cancel_requested']],
    [
      'cancelled while anybody may take it: whoever did is told',
      dispatched('a', { cancelRequestedAt: T0 }),
      0,
      ['stop a: cancel_requested', 'finish a: cancel_requested'],
    ],
    [
      'cancelled while it runs',
      running('a', { cancelRequestedAt: T0 }),
      60_000,
      ['stop a: cancel_requested'],
    ],
    [
      'cancelled while it runs, and nobody answers',
      running('a', { cancelRequestedAt: T0 }),
      60_001,
      ['stop a: cancel_requested', 'finish a: cancel_requested'],
    ],
    [
      'cancelled, nobody answers, and not all of the log is known',
      running('a', { cancelRequestedAt: T0, isHeardOut: false }),
      60_001,
      ['stop a: cancel_requested', 'hear_out a: silent'],
    ],
    ['its job was deleted while it waited', queued('a', deleted), 1_000, ['finish a: job_deleted']],
    ['its job was deleted while it ran', running('a', deleted), 1_000, ['stop a: job_deleted']],
    [
      'its job was deleted before it was asked for',
      queued('a', { ...deleted, queuedAt: addMs(T0, 2_000) }),
      2_000,
      ['finish a: job_gone'],
    ],
    ['there is no such job', queued('a', { job: undefined }), 0, ['finish a: job_gone']],
    [
      'its job has no tests any more',
      queued('a', { job: { allowOverlap: false, tests: 0 } }),
      0,
      ['finish a: no_tests'],
    ],
    ['nobody took it for an hour', dispatched('a'), HOUR + 1, ['finish a: not_taken']],
    ['nobody took it yet', dispatched('a'), HOUR, []],
    [
      'nobody took it for an hour, as far as is known',
      dispatched('a', { isHeardOut: false }),
      HOUR + 1,
      ['hear_out a: silent'],
    ],
    ['a minute past its deadline', running('a'), HOUR + 60_001, ['finish a: executor_lost']],
    ['past its deadline by less', running('a'), HOUR + 60_000, []],
    [
      'a minute past its deadline, as far as is known',
      running('a', { isHeardOut: false }),
      HOUR + 60_001,
      ['hear_out a: silent'],
    ],
    ['its turn did not come for a week', queued('a'), 7 * 24 * HOUR + 1, ['finish a: waited_too_long']],
  ])('%s', (_, run, ms, expected) => {
    expect(told([run], addMs(T0, ms))).toEqual(expected);
  });

  it('keeps its place while it is being heard out', () => {
    const live = [running('a', { jobId: 'x', isHeardOut: false }), queued('b', { jobId: 'x' })];
    expect(told(live, addMs(T0, 2 * HOUR))).toEqual(['hear_out a: silent']);
  });
});

describe('a slot of a cron', () => {
  const of = { jobId: 'x', allowOverlap: false };
  it.each<[string, typeof of, LiveRun[], ReturnType<typeof decideSlot>]>([
    ['is queued', of, [running('a')], undefined],
    ['finds a run of its job going', of, [running('a', { jobId: 'x' })], 'still_running'],
    ['finds a run of its job waiting', of, [queued('a', { jobId: 'x' })], 'still_running'],
    ['may overlap', { ...of, allowOverlap: true }, [running('a', { jobId: 'x' })], undefined],
    ['finds the queue full', of, [queued('a'), queued('b')], 'queue_full'],
    ['finds many going and few waiting', of, [running('a'), running('b'), queued('c')], undefined],
  ])('%s', (_, slot, live, expected) => {
    expect(decideSlot(slot, live, 2)).toBe(expected);
  });
});

/** The queue as the scheduler keeps it, around the rules: what they decide is done, and executors do as they please. */
type Step =
  | { readonly type: 'ask'; readonly job: number; readonly project: number }
  | { readonly type: 'start' | 'end' | 'cancel'; readonly pick: number }
  | { readonly type: 'pass'; readonly ms: number };

const anyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('ask' as const), job: fc.nat(5), project: fc.nat(1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom<('start' | 'end' | 'cancel')[]>('start', 'end', 'end', 'cancel'),
      pick: fc.nat(50),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(2 * HOUR) }) },
);

function createQueue() {
  let nowMs = Date.parse(T0);
  let live: LiveRun[] = [];
  let asked = 0;
  const dispatches: LiveRun[] = [];
  const instant = () => new Date(nowMs).toISOString();

  function look(): void {
    for (const { type, run } of decideRuns(live, instant(), limits)) {
      if (type === 'finish') live = live.filter(({ runId }) => runId !== run.runId);
      if (type !== 'dispatch') continue;
      dispatches.push(run);
      live = live.map((one) =>
        one.runId === run.runId ? { ...one, state: 'dispatched', dispatchedAt: instant() } : one,
      );
    }
    const going = live.filter(({ state }) => state !== 'queued');
    for (const project of ['0', '1'])
      expect(going.filter((run) => run.project === project).length).toBeLessThanOrEqual(limits.perProject);
    const jobs = going.filter((run) => run.job?.allowOverlap === false).map(({ jobId }) => jobId);
    expect(new Set(jobs).size).toBe(jobs.length);
  }

  return {
    dispatches,
    live: () => live,
    take(step: Step): void {
      const state = step.type === 'start' ? 'dispatched' : step.type === 'end' ? 'running' : undefined;
      const those = live.filter((run) => state === undefined || run.state === state);
      const picked = 'pick' in step ? those[step.pick % Math.max(1, those.length)] : undefined;
      if (step.type === 'ask') {
        asked += 1;
        const isLoose = step.job > 3;
        live.push({
          ...base,
          runId: `r${asked}`,
          jobId: `${step.project}${step.job}`,
          project: String(step.project),
          queuedAt: instant(),
          job: { allowOverlap: isLoose, tests: 1 },
          state: 'queued',
        });
      } else if (step.type === 'pass') nowMs += step.ms;
      else if (picked !== undefined)
        live = live.flatMap((run): LiveRun[] => {
          if (run !== picked) return [run];
          if (step.type === 'end') return [];
          if (step.type === 'cancel') return [{ ...run, cancelRequestedAt: instant() }];
          return [{ ...run, state: 'running', deadlineAt: addMs(instant(), HOUR) }];
        });
      look();
    },
  };
}

describe('the queue, whatever is asked of it and whatever executors do', () => {
  it('never runs two of a job that must not overlap, nor more than the limit; first come, first served', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
        const queue = createQueue();
        for (const step of steps) queue.take(step);
        for (const jobId of new Set(queue.dispatches.map((run) => run.jobId))) {
          const order = queue.dispatches
            .filter((run) => run.jobId === jobId)
            .map(({ runId }) => Number(runId.slice(1)));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends every run, given time, though no executor ever answers', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const queue = createQueue();
        for (const step of steps) queue.take(step);
        const most = queue.live().length * 2 + 2;
        for (let turns = 0; turns < most && queue.live().length > 0; turns += 1)
          queue.take({ type: 'pass', ms: 2 * HOUR });
        expect(queue.live()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('starves nobody: who waits longest among those that may go is next', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const queue = createQueue();
        for (const step of steps) {
          queue.take(step);
          const live = queue.live();
          const going = live.filter(({ state }) => state !== 'queued');
          for (const run of live.filter(({ state }) => state === 'queued')) {
            const isFull = going.filter(({ project }) => project === run.project).length >= limits.perProject;
            const isBlocked =
              run.job?.allowOverlap !== true && going.some(({ jobId }) => jobId === run.jobId);
            expect(isFull || isBlocked).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
