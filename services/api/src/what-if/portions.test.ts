import { expect, test } from 'vitest';
import { portionsOf } from './portions.js';

const same = (weight: number) => weight;

test.for([
  [[], []],
  [[1, 2, 3], [[1, 2, 3]]],
  [
    [6, 4, 1],
    [[6, 4], [1]],
  ],
  [
    [1, 20, 1, 9, 0],
    [[1], [20], [1, 9, 0]],
  ],
] as const)('of weights %j at most 10 are together: %j', ([weights, portions]) => {
  expect(portionsOf(weights, same, 10)).toEqual(portions);
});
