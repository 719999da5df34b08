import { QUORUM_STRATEGIES, type Quorum } from '@tocsin/monitoring';

/**
 * The quorum as it is spelled on the log; empty, as for jobs, means any.
 * @throws RangeError when it is neither a strategy nor a whole number from 1
 */
export function parseQuorum(text: string): Quorum {
  if (text === '') return 'any';
  const strategy = QUORUM_STRATEGIES.find((known) => known === text);
  if (strategy !== undefined) return strategy;
  if (!/^[1-9]\d*$/.test(text)) {
    throw new RangeError(`not a quorum: ${text}; use any, majority, all or a number from 1`);
  }
  return Number(text);
}

/**
 * How many of `locationCount` locations must fail before the target does (R9). A count above the number of locations
 * means all of them: a target that can never be down would be silence by configuration.
 */
export function failingNeeded(quorum: Quorum, locationCount: number): number {
  const all = Math.max(1, locationCount);
  if (quorum === 'any') return 1;
  if (quorum === 'all') return all;
  if (quorum === 'majority') return Math.floor(all / 2) + 1;
  return Math.min(Math.max(1, quorum), all);
}
