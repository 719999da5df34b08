import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStory } from './story.fixture.js';

interface World {
  readonly locations: readonly string[];
  readonly needed: number;
  readonly failures: number;
  readonly recoveries: number;
}

/** R2, R3, R7 and R9 as one would say them: from the whole history of each location, nothing remembered but it. */
function modelOf({ locations, needed, failures, recoveries }: World, results: readonly string[]): string[] {
  const history = new Map(locations.map((name) => [name, '']));
  const told: string[] = [];
  let open = false;
  results.forEach((step, i) => {
    const [where = '', what = ''] = step.split(':');
    if (what === 'E') return;
    history.set(where, history.get(where) + what);
    const failing = [...history.values()].filter((results_) => isFailing(results_, failures, recoveries));
    const here = /F*$/.exec(history.get(where) ?? '')?.[0].length ?? 0;
    if (!open && what === 'F' && failing.length >= needed && here >= failures) {
      open = true;
      told.push(`${i + 1} raised failure`);
    } else if (open && what === 'S' && failing.length < needed) {
      open = false;
      told.push(`${i + 1} resolved failure: recovered`);
    }
  });
  return told;
}

/** The last long enough streak was one of failures. */
function isFailing(history: string, failures: number, recoveries: number): boolean {
  const failed = history.lastIndexOf('F'.repeat(failures));
  if (failed === -1) return false;
  return !history.slice(failed + failures).includes('S'.repeat(recoveries));
}

const world = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    locations: fc.constant(['a', 'b', 'c', 'd'].slice(0, count)),
    needed: fc.integer({ min: 1, max: count }),
    failures: fc.integer({ min: 1, max: 4 }),
    recoveries: fc.integer({ min: 1, max: 4 }),
  }),
);
const life = world.chain((given) =>
  fc.tuple(
    fc.constant(given),
    fc.array(
      fc
        .tuple(fc.constantFrom(...given.locations), fc.constantFrom('F', 'F', 'F', 'S', 'S', 'S', 'E'))
        .map(([where, what]) => `${where}:${what}`),
      { maxLength: 80 },
    ),
  ),
);

test('failures are raised and resolved as the plain model says', () => {
  fc.assert(
    fc.property(life, ([given, results]) => {
      const story = createStory();
      story.edit({
        locations: given.locations,
        quorum: String(given.needed),
        alertConfig: { failureThreshold: given.failures, recoveryThreshold: given.recoveries },
      });
      story.play(...results);
      expect(story.told.filter((line) => line.includes('failure'))).toEqual(modelOf(given, results));
    }),
    { numRuns: 500 },
  );
});
