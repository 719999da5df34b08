import { describe, expect, it } from 'vitest';
import { phasesOf } from './phases.js';

describe('the phases of a check', () => {
  it('follow each other, and what is left over is the rest', () => {
    expect(phasesOf({ dnsMs: 2, connectMs: 5, firstByteMs: 30, totalMs: 40 })).toEqual([
      { phase: 'dns', ms: 2, fromMs: 0 },
      { phase: 'connect', ms: 5, fromMs: 2 },
      { phase: 'firstByte', ms: 30, fromMs: 7 },
      { phase: 'rest', ms: 3, fromMs: 37 },
    ]);
  });

  it('have no rest where the phases are all', () => {
    expect(phasesOf({ connectMs: 5, totalMs: 5.2 })).toEqual([{ phase: 'connect', ms: 5, fromMs: 0 }]);
  });

  it('are one when nothing more is known', () => {
    expect(phasesOf({ totalMs: 12 })).toEqual([{ phase: 'rest', ms: 12, fromMs: 0 }]);
  });
});
