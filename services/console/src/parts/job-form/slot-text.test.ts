import { describe, expect, it } from 'vitest';
import { slotText } from './slot-text.js';

describe('a slot', () => {
  it('is told in the zone of its job', () => {
    expect(slotText('2026-07-01T07:00:00.000Z', 'Europe/Berlin')).toMatch(
      /^Wed,? 1 Jul,? (?:at )?09:00 CEST$/,
    );
    expect(slotText('2026-07-01T07:00:00.000Z', 'UTC')).toMatch(/07:00 UTC$/);
  });

  it('has seconds where the expression has', () => {
    expect(slotText('2026-07-01T07:00:05.000Z', 'UTC')).toMatch(/07:00:05 UTC$/);
  });
});
