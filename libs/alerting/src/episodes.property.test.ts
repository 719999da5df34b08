import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertEvent, evolve, INITIAL_TARGET_STATE, recount, type TargetState } from './index.js';
import { createStory, type Edit, minute, type Step } from './story.fixture.js';

const LOCATIONS = ['a', 'b', 'c'];
const threshold = fc.integer({ min: 1, max: 4 });
const location = fc.constantFrom(...LOCATIONS);
const quorum = fc.constantFrom('any', 'majority', 'all', '2');
const letter = fc.constantFrom('F', 'S', 'E', 'T', 'C3', 'C90');
const check = fc.tuple(location, letter).map(([where, what]) => `${where}:${what}`);
const edit: fc.Arbitrary<Edit> = fc.record(
  {
    enabled: fc.boolean(),
    locations: fc.subarray(LOCATIONS, { minLength: 1 }),
    quorum,
    alertConfig: fc.record(
      {
        enabled: fc.boolean(),
        failureThreshold: threshold,
        recoveryThreshold: threshold,
        alertOnFailure: fc.boolean(),
        alertOnSslExpiration: fc.boolean(),
        alertOnSuccess: fc.boolean(),
        alertOnTimeout: fc.boolean(),
        flapThreshold: fc.integer({ min: 0, max: 3 }),
        mutedUntil: fc.integer({ min: 0, max: 60 }).map(minute),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const kind = fc.constantFrom('monitor' as const, 'job' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: check },
  { weight: 1, arbitrary: edit },
  { weight: 1, arbitrary: fc.constantFrom('ack', '+1h', '+24h') },
);
const life = fc.tuple(kind, fc.array(step, { maxLength: 60 }));

function lived(of: 'monitor' | 'job', script: readonly Step[]) {
  const story = createStory();
  story.edit({ kind: of, locations: of === 'job' ? [] : LOCATIONS });
  story.play(...script);
  return story;
}

const alertIdOf = ({ data }: AlertEvent) => ('alertId' in data ? data.alertId : '');

test('an episode has one raise and at most one resolve, which comes after it and names the same alert', () => {
  fc.assert(
    fc.property(life, ([of, script]) => {
      const story = lived(of, script);
      const open = new Map<string, string>();
      const wrong: AlertEvent[] = [];
      for (const event of story.events) {
        if (event.type === 'PolicyChanged') continue;
        const { alertId } = event.data;
        if (event.type === 'AlertRaised') {
          if (open.has(event.data.type)) wrong.push(event);
          open.set(event.data.type, alertId);
        } else if (event.type === 'AlertResolved') {
          if (open.get(event.data.type) !== alertId) wrong.push(event);
          open.delete(event.data.type);
        } else if (![...open.values()].includes(alertId)) wrong.push(event);
      }
      expect(wrong).toEqual([]);
      const raised = story.events.filter(({ type }) => type === 'AlertRaised').map(alertIdOf);
      expect(new Set(raised).size).toBe(raised.length);
      const episodes = Object.entries(story.state().episodes);
      expect(new Map(episodes.map(([type, episode]) => [type, episode.alertId]))).toEqual(open);
    }),
  );
});

test('the same life gives the same bytes', () => {
  fc.assert(
    fc.property(life, ([of, script]) => {
      const [once, again] = [lived(of, script), lived(of, script)];
      expect(JSON.stringify(again.events)).toBe(JSON.stringify(once.events));
      expect(JSON.stringify(again.state())).toBe(JSON.stringify(once.state()));
    }),
  );
});

test('counting the results again and taking the decisions from the log gives the same state', () => {
  fc.assert(
    fc.property(life, ([of, script]) => {
      const story = lived(of, script);
      const logged = [...story.events];
      const takeUpTo = (state: TargetState, position: number) => {
        let next = state;
        while (logged[0] !== undefined && logged[0].data.position <= position)
          next = evolve(next, logged.shift() as AlertEvent);
        return next;
      };
      let state = takeUpTo(INITIAL_TARGET_STATE, 0);
      story.observed.forEach((observation, i) => {
        state = takeUpTo(recount(observation, state), i + 1);
      });
      expect(JSON.parse(JSON.stringify(state))).toEqual(story.state());
    }),
  );
});

test('R1 results that come twice or late change nothing, wherever they come', () => {
  fc.assert(
    fc.property(life, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), ([of, script], picks) => {
      const noisy = lived(of, []);
      script.forEach((one, i) => {
        noisy.play(one);
        const late = noisy.observed[(picks[i] ?? 0) % Math.max(1, noisy.observed.length)];
        if (late !== undefined) noisy.repeat(late);
      });
      const once = lived(of, script);
      expect(noisy.events).toEqual(once.events);
      expect(noisy.state()).toEqual(once.state());
    }),
  );
});
