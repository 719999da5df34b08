import type { LoggedEvent, NewEvent } from '@tocsin/contracts';
import { PermanentError } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveJob, type ScheduledJob } from './job.js';
import { evolveRun, isRunEvent, type QueuedRun } from './queued-run.js';
import { runDue, runQueued } from './run-events.js';
import {
  at,
  cancelRequested,
  completed,
  jobConfigured,
  jobDeleted,
  runRequested,
  started,
} from './testing-runs.js';

const logged = (event: NewEvent): LoggedEvent => ({ ...event, sequence: 5 });
const jobAfter = (...events: readonly NewEvent[]) =>
  events.reduce<ScheduledJob | undefined>((known, event) => evolveJob(known, logged(event)), undefined);
const runAfter = (...events: readonly NewEvent[]) =>
  events.reduce<QueuedRun | undefined>((known, event) => {
    const one = logged(event);
    return isRunEvent(one) ? evolveRun(known, one) : known;
  }, undefined);

describe('what the scheduler knows of a job', () => {
  const job = jobConfigured({ cron: '0 3 * * *' });
  const edit = (part: Parameters<typeof jobConfigured>[0]) =>
    jobConfigured({ ...job.data, revision: 2, changedAt: at(60), ...part });

  it('is what it was configured to last, whatever order the revisions come in', () => {
    const second = edit({ timeoutSeconds: 7 });
    for (const events of [
      [job, second],
      [second, job],
      [job, second, job, second],
    ])
      expect(jobAfter(...events)).toMatchObject({ revision: 2, timeoutSeconds: 7 });
  });

  it('is that it is gone once it is deleted, though an older event is told again', () => {
    const gone = jobDeleted(job.data.jobId, at(60));
    expect(jobAfter(job, gone, job)).toMatchObject({ deletedAt: at(60), enabled: false });
    expect(jobAfter(gone)).toBeUndefined();
  });

  it.each([
    ['its cron', { cron: '0 4 * * *' }, at(60)],
    ['its zone', { timeZone: 'Europe/Berlin' }, at(60)],
    ['whether it is enabled', { enabled: false }, at(60)],
    ['anything else', { name: 'new', tests: [], allowOverlap: true, location: 'paris' }, at(0)],
  ])('slots after an edit of %s count from', (_, part, cronFrom) => {
    expect(jobAfter(job, edit(part))?.cronFrom).toBe(cronFrom);
  });

  it.each([{ cron: 'never' }, { cron: '0 0 30 2 *' }, { timeZone: 'Europe/Atlantis' }])(
    'cannot be told from %j: the event is put aside',
    (part) => {
      expect(() => jobAfter(edit(part))).toThrow(PermanentError);
    },
  );
});

describe('what the scheduler knows of a run', () => {
  const job = jobAfter(jobConfigured());
  if (job === undefined) throw new Error('no job');
  const asked = runRequested(job.jobId);
  const run = runAfter(asked);
  if (run === undefined) throw new Error('no run');
  const due = runDue(run, job, at(1)).data;
  const queued = runQueued(run, job, at(1));
  const begun = started(due, at(2), at(600));
  const ended = completed(due, at(3));
  const cancel = cancelRequested(due.runId, job.jobId, 2);
  const all = [asked, queued, begun, cancel, ended];

  it.each<[string, NewEvent[], Partial<QueuedRun> | undefined]>([
    ['asked for', [asked], { state: 'queued', announced: false, slot: at(0), configSequence: 5 }],
    ['asked for, and told', [asked, queued], { state: 'queued', announced: true }],
    [
      'known from what was told of it alone',
      [queued],
      { state: 'queued', announced: true, trigger: 'manual' },
    ],
    ['begun', [asked, begun], { state: 'running', deadlineAt: at(600), location: 'local' }],
    ['cancelled', [asked, begun, cancel], { state: 'running', cancelRequestedAt: at(2) }],
    ['over', [asked, begun, ended], { state: 'finished', finishedAt: at(3) }],
    ['over before anything else is heard', [ended, queued, begun, cancel, asked], { state: 'finished' }],
    ['begun long after it was forgotten', [begun], undefined],
    ['cancelled long after it was forgotten', [cancel], undefined],
    [
      'reported: it never was in this queue',
      [{ ...ended, data: { ...ended.data, trigger: 'reported' } }],
      undefined,
    ],
  ])('%s', (_, events, expected) => {
    expect({ run: runAfter(...events) }).toMatchObject({ run: expected });
  });

  it('only goes forward: what is over stays over, whatever comes again in whatever order', () => {
    const anyOf = fc.array(fc.constantFrom<NewEvent[]>(...all), { maxLength: 12 });
    fc.assert(
      fc.property(anyOf, anyOf, (before, after) => {
        const over = runAfter(...before, ended);
        expect(runAfter(...before, ended, ...after)).toEqual(over);
      }),
    );
  });

  it('is the same when each event is told twice', () => {
    for (let length = 1; length <= all.length; length += 1) {
      const once = all.slice(0, length);
      expect(runAfter(...once.flatMap((event) => [event, event]))).toEqual(runAfter(...once));
    }
  });
});
