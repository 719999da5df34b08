import { describe, expect, it } from 'vitest';
import { failureWords, flapWords, recoveryWords } from './alert-words.js';

describe('alert settings in words', () => {
  it.each([
    [1, 60, 'told at the first failure'],
    [3, 60, 'told after 3 failures in a row, about 3 min'],
    [2, 30, 'told after 2 failures in a row, about 1 min'],
    [3, undefined, 'told after 3 failures in a row'],
    [undefined, 60, 'how many failures in a row it takes'],
    [0, 60, 'how many failures in a row it takes'],
  ])('%s failures every %s s: %s', (count, interval, words) => {
    expect(failureWords(count, interval)).toBe(words);
  });

  it('say when it is over', () => {
    expect(recoveryWords(1, 60)).toBe('over at the first success');
    expect(recoveryWords(5, 300)).toBe('over after 5 successes in a row, about 25 min');
  });

  it('say what flapping is', () => {
    expect(flapWords(0)).toBe('0: never called flapping');
    expect(flapWords(5)).toBe('called flapping from 5 alerts within an hour');
  });
});
