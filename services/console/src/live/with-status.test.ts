import type { StatusChanged } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { liveEventOf } from './live-event.js';
import { latestOf, withStatus } from './with-status.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();
const change = (targetId: string, to: StatusChanged['to'], second: number): StatusChanged => ({
  targetId,
  targetKind: 'monitor',
  project: 'default',
  from: 'up',
  to,
  reason: 'quorum_reached',
  changedAt: at(second),
});
const monitor = (id: string) => ({ id, status: 'up', lastStatusChangeAt: at(5), revision: 1, name: id });

describe('live statuses', () => {
  it('keep the latest change of each, in whatever order they came', () => {
    const latest = latestOf([change('a', 'up', 9), change('a', 'down', 8), change('b', 'down', 7)]);
    expect([...latest].map(([id, { to }]) => [id, to])).toEqual([
      ['a', 'up'],
      ['b', 'down'],
    ]);
  });

  it('change one monitor of many pages and nothing else', () => {
    const answer = {
      pages: [
        { items: [monitor('a'), monitor('b')], nextCursor: 'x' },
        { items: [monitor('c')], nextCursor: null },
      ],
      pageParams: [undefined, 'x'],
    };
    const after = withStatus(answer, latestOf([change('b', 'down', 10)]));
    expect(after.pages[0]?.items[1]).toEqual({ ...monitor('b'), status: 'down', lastStatusChangeAt: at(10) });
    expect(after.pages[0]?.items[0]).toBe(answer.pages[0]?.items[0]);
    expect(after.pages[1]).toBe(answer.pages[1]);
  });

  it('leave the very same object where nothing changed', () => {
    const page = { items: [monitor('a')], nextCursor: null };
    expect(withStatus(page, latestOf([change('z', 'down', 10)]))).toBe(page);
    expect(withStatus(page, latestOf([change('a', 'down', 4)]))).toBe(page);
    expect(withStatus(undefined, latestOf([]))).toBeUndefined();
  });

  it('are read from lines of the stream, and what is no event is passed over', () => {
    const text = JSON.stringify({
      id: '1',
      type: 'StatusChanged',
      time: at(1),
      data: change('a', 'down', 1),
    });
    expect(liveEventOf('status', text)).toMatchObject({ topic: 'status', data: { to: 'down' } });
    expect([liveEventOf('status', 'not json'), liveEventOf('alert', '{"data":null}')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
