import { describe, expect, it } from 'vitest';
import { bulkSentence } from './bulk.js';

type Result = Parameters<typeof bulkSentence>[1][number]['outcome'];
const outcome = (id: string, result: Result) => ({ id, outcome: result });

describe('what became of a change of many', () => {
  it('is one number when all went well', () => {
    expect(bulkSentence('pause', [outcome('a', 'done'), outcome('b', 'done')])).toBe('2 monitors paused');
  });

  it('says what was left as it is, and what to try again', () => {
    const outcomes = [outcome('a', 'done'), outcome('b', 'unchanged'), outcome('c', 'failed')];
    expect(bulkSentence('resume', outcomes)).toBe(
      '1 monitor resumed, 1 already was, 1 failed and can be tried again',
    );
  });
});
