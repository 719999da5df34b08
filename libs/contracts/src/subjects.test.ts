import { ALL_SHARDS } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { STREAMS } from './streams.js';
import { filters, subjects } from './subjects.js';

const id = '0190a1b2-0000-7000-8000-00000000000c';
const all: [string, string][] = [
  ['CONFIG', subjects.config('default', 'monitor', id)],
  ['CHECKS', subjects.checkDue('local', 'http_request', id)],
  ['RESULTS', subjects.result('default', 'monitor', id)],
  ['RESULTS', subjects.result('default', 'heartbeat', id)],
  ['RESULTS', subjects.result('default', 'job', id)],
  ['STATUS', subjects.status('default', 'job', id)],
  ['ALERTS', subjects.alert('default', 'monitor', id, 'raised')],
  ['DELIVERIES', subjects.delivery('default', 'slack', id, 'delivered')],
];
const under = (filter: string, subject: string) => {
  const pattern = filter.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace(/>$/, '.+');
  return new RegExp(`^${pattern}$`).test(subject);
};

describe('a subject', () => {
  it.each(all)('belongs to %s alone: %s', (stream, subject) => {
    const takers = STREAMS.filter((one) => one.subjects.some((filter) => under(filter, subject)));
    expect(takers.map(({ name }) => name)).toEqual([stream]);
  });

  it('of a result names the shard of its entity, so that a reader of one shard gets it and no other does', () => {
    const subject = subjects.result('default', 'monitor', id);
    expect(ALL_SHARDS.filter((shard) => under(filters.resultsOf(shard), subject))).toEqual(['c']);
  });

  it('of a heartbeat is told from other results', () => {
    expect(under(filters.allHeartbeats, subjects.result('default', 'heartbeat', id))).toBe(true);
    expect(under(filters.allHeartbeats, subjects.result('default', 'monitor', id))).toBe(false);
  });
});

describe('a stream', () => {
  it('has a bound, and says what happens there', () => {
    for (const { name, maxBytes, discard } of STREAMS)
      expect([name, maxBytes > 0, discard]).toEqual([name, true, expect.stringMatching(/^(new|old)$/)]);
  });

  it('that must never lose anything refuses when full and cannot be emptied', () => {
    const kept = STREAMS.filter(({ immutable }) => immutable).map(({ name, discard, maxAgeMs }) => [
      name,
      discard,
      maxAgeMs,
    ]);
    expect(kept).toEqual([
      ['CONFIG', 'new', 0],
      ['ALERTS', 'new', 0],
      ['DELIVERIES', 'new', 0],
    ]);
  });
});
