import { successesThatSettle } from './history.js';
import type { HistoryStep, Observation } from './index.js';
import { createStory, type Edit, type Step } from './story.fixture.js';

export const LOCATIONS = ['a', 'b'];

/** A life as it was lived under a configuration, and what there is to read of it afterwards. */
export function lived(given: Edit, script: readonly Step[]) {
  const story = createStory();
  story.edit({ locations: LOCATIONS, ...given });
  story.play(...script);
  return { events: story.events, steps: storedSteps(story.events, story.observed) };
}

type Story = ReturnType<typeof createStory>;

function storedSteps(events: Story['events'], observed: readonly Observation[]): HistoryStep[] {
  const steps: HistoryStep[] = [];
  const policies = events.flatMap((event) => (event.type === 'PolicyChanged' ? [event.data] : []));
  const due = (upTo: number) => {
    while (policies[0] !== undefined && policies[0].position <= upTo) {
      const { position: _position, ...policy } = policies.shift()!;
      steps.push({ kind: 'policy', policy });
    }
  };
  observed.forEach((observation, n) => {
    due(n);
    steps.push({ kind: 'result', observation });
  });
  due(Number.POSITIVE_INFINITY);
  return steps;
}

/**
 * What rollups leave of it: of each location the results that are no plain successes with the successes after them that
 * thresholds may still count, and of the rest how many there were.
 */
export function rolledUp(steps: readonly HistoryStep[]): HistoryStep[] {
  const settle = Math.max(
    ...steps.map((step) =>
      successesThatSettle(step.kind === 'policy' ? step.policy.alertConfig.recoveryThreshold : 1),
    ),
    7,
  );
  const kept: HistoryStep[] = [];
  const runs = new Map<string, { length: number; spell?: number }>();
  for (const step of steps) {
    if (step.kind !== 'result') {
      kept.push(step);
      continue;
    }
    const { observation } = step;
    const { location: name, slot } = observation;
    const isPlain = observation.result === 'success' && observation.certificate === undefined;
    const run = isPlain ? (runs.get(name) ?? { length: 0 }) : { length: 0 };
    runs.set(name, run);
    if (!isPlain) {
      kept.push(step);
      continue;
    }
    run.length += 1;
    const known = run.spell === undefined ? undefined : kept[run.spell];
    if (known?.kind === 'quiet')
      kept[run.spell!] = {
        kind: 'quiet',
        spell: { ...known.spell, successes: known.spell.successes + 1, lastSlot: slot },
      };
    else if (run.length <= settle) kept.push(step);
    else {
      run.spell = kept.length;
      kept.push({ kind: 'quiet', spell: { location: name, successes: 1, firstSlot: slot, lastSlot: slot } });
    }
  }
  return kept;
}
