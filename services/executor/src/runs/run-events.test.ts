import { decode, encode } from '@tocsin/contracts';
import { newId } from '@tocsin/kernel';
import type { RunDue } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { MAX_ARTIFACTS, MAX_TESTS, runCompleted, runStarted } from './run-events.js';

const due: RunDue = {
  jobId: newId(),
  project: 'default',
  runId: newId(),
  slot: '2026-01-01T00:00:00.000Z',
  location: 'local',
  trigger: 'schedule',
  tests: [],
  timeoutSeconds: 60,
  retries: 0,
  configRevision: 1,
};
const decoded = (event: Parameters<typeof encode>[0]) => {
  const { subject, headers, body } = encode(event);
  return decode(subject, 1, (name) => headers[name] ?? '', body);
};

describe('how a run ended', () => {
  it('is small enough for an event, whatever its tests say and leave behind', () => {
    const error = { code: 'x', message: '\u0001'.repeat(100_000) };
    const testId = newId();
    const end = {
      status: 'failed' as const,
      startedAt: 0,
      finishedAt: 1_000,
      error,
      tests: Array.from({ length: MAX_TESTS + 10 }, () => ({
        testId,
        name: 'é'.repeat(255),
        kind: 'browser' as const,
        revision: 1,
        status: 'failed' as const,
        durationMs: 1,
        attempts: 1,
        error,
      })),
      artifacts: Array.from({ length: MAX_ARTIFACTS + 10 }, () => ({
        name: `${testId}/${'a'.repeat(128)}/${'b'.repeat(128)}/${'c'.repeat(128)}`,
        kind: 'other' as const,
        testId,
        contentType: 'application/octet-stream',
        size: 20 * 1024 ** 2,
      })),
    };
    const event = runCompleted(due, end, undefined);
    expect(encode(event).body.length).toBeLessThan(256 * 1024);
    expect(event.data.tests).toHaveLength(MAX_TESTS);
    expect(event.data.artifacts).toHaveLength(MAX_ARTIFACTS);
    expect(decoded(event)).toMatchObject({ type: 'RunCompleted', data: event.data });
    const few = runCompleted(due, { ...end, tests: end.tests.slice(0, 10) }, undefined);
    expect(encode(few).body.length).toBeLessThan(256 * 1024);
    expect(few.data.tests[0]?.error?.message).toHaveLength(2_000);
  });
  it('is not before it began, though a clock was set back', () => {
    const { data } = runCompleted(due, { status: 'passed', startedAt: 5_000, finishedAt: 1_000 }, undefined);
    expect(data).toMatchObject({ startedAt: data.finishedAt, durationMs: 0 });
    expect(data.error).toBeUndefined();
  });
  it('is the same event however often it is told', () => {
    const end = { status: 'passed' as const, startedAt: 0, finishedAt: 1 };
    expect(runCompleted(due, end, undefined).id).toBe(runCompleted(due, { ...end, finishedAt: 9 }, 'x').id);
    expect(decoded(runStarted(due, 0, undefined))).toMatchObject({
      data: { startedAt: '1970-01-01T00:00:00.000Z', deadlineAt: '1970-01-01T00:01:00.000Z' },
    });
  });
});
