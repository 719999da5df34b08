import { describe, expect, it } from 'vitest';
import { auditQueryOf } from './audit-query.js';

describe('the audit trail', () => {
  it('is asked for whole days', () => {
    expect(auditQueryOf({ from: '2026-01-31', to: '2026-01-31' })).toMatchObject({
      from: '2026-01-31T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
    });
  });

  it('leaves out what is not understood', () => {
    expect(auditQueryOf({ kind: 'pigeon', entity: 'x', from: 'yesterday' })).toEqual({});
  });
});
