import { describe, expect, it } from 'vitest';
import { isFiltered, queryFor, sortedBy } from './monitor-query.js';

describe('what the list of monitors is asked for', () => {
  it('is sorted by name when the address says nothing', () => {
    expect(queryFor({})).toMatchObject({ sort: 'name', order: 'asc' });
  });

  it('has the newest first when sorted by a time', () => {
    expect(queryFor({ sort: 'lastCheckAt' })).toMatchObject({ order: 'desc' });
  });

  it('is turned round by a second click on the same heading', () => {
    const once = sortedBy({ q: 'shop' }, 'status');
    expect(once).toEqual({ q: 'shop', sort: 'status', order: 'asc' });
    expect(sortedBy(once, 'status')).toEqual({ q: 'shop', sort: 'status', order: 'desc' });
  });

  it('knows sorting from filtering', () => {
    expect(isFiltered({ sort: 'name' })).toBe(false);
    expect(isFiltered({ status: 'down' })).toBe(true);
  });
});
