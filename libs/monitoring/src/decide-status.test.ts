import { addMs, type Instant } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideStatus,
  initialStatus,
  quorumSize,
  type StatusInput,
  type StatusState,
} from './decide-status.js';
import type { Quorum } from './monitor.js';
import type { Outcome } from './outcome.js';
import type { Status, StatusChanged } from './status.js';

const T0 = '2026-01-01T00:00:00.000Z';
const at = (seconds: number): Instant => addMs(T0, seconds * 1000);
const target = { targetId: 'm', targetKind: 'monitor', project: 'default' } as const;

const config = (
  edit: Partial<{
    enabled: boolean;
    enabledAt: Instant;
    locations: string[];
    quorum: Quorum;
    changedAt: Instant;
  }> = {},
): StatusInput => ({
  type: 'configured',
  enabled: true,
  enabledAt: T0,
  locations: ['a'],
  quorum: 'majority',
  changedAt: T0,
  ...edit,
});
const check = (slot: number, outcome: Outcome, location = 'a'): StatusInput => ({
  type: 'check_completed',
  slot: at(slot),
  location,
  outcome,
  finishedAt: at(slot + 1),
});

function fold(inputs: readonly StatusInput[], from: StatusState = initialStatus(target)) {
  const events: StatusChanged[] = [];
  const reasons: string[] = [];
  let state = from;
  for (const input of inputs) {
    const decision = decideStatus(input, state);
    if (decision.event) events.push(decision.event);
    reasons.push(decision.reason);
    state = decision.state;
  }
  return { state, events, reasons };
}
const statusAfter = (...inputs: StatusInput[]): Status => fold([config(), ...inputs]).state.status;

describe('the status of a monitor', () => {
  it.each<[string, Status, StatusInput[]]>([
    ['pending before any result', 'pending', []],
    ['pending after a single check that could not be made', 'pending', [check(0, 'error')]],
    ['up', 'up', [check(0, 'up')]],
    ['degraded', 'degraded', [check(0, 'degraded')]],
    ['down', 'down', [check(0, 'down')]],
    ['up in spite of one error', 'up', [check(0, 'up'), check(60, 'error')]],
    ['down in spite of one error', 'down', [check(0, 'down'), check(60, 'error')]],
    [
      'unknown after two errors in a row',
      'unknown',
      [check(0, 'up'), check(60, 'error'), check(120, 'error')],
    ],
    ['not unknown after two errors apart', 'up', [check(0, 'error'), check(60, 'up'), check(120, 'error')]],
    ['what it was when a late slot arrives', 'up', [check(60, 'up'), check(0, 'down')]],
    ['what it was when a slot is repeated', 'up', [check(60, 'up'), check(60, 'down')]],
    ['paused when disabled', 'paused', [check(0, 'up'), config({ enabled: false })]],
    ['paused whatever still arrives', 'paused', [config({ enabled: false }), check(0, 'down')]],
    [
      'pending when resumed',
      'pending',
      [check(0, 'up'), config({ enabled: false }), config({ enabledAt: at(90) })],
    ],
    ['pending when restarted by a new enabledAt', 'pending', [check(0, 'up'), config({ enabledAt: at(90) })]],
    [
      'pending when a slot from before the pause arrives',
      'pending',
      [config({ enabled: false }), config({ enabledAt: at(90) }), check(60, 'down')],
    ],
  ])('is %s', (_, expected, inputs) => {
    expect(statusAfter(...inputs)).toBe(expected);
  });

  it('tells one change, with its cause', () => {
    const { events } = fold([
      config(),
      check(0, 'down'),
      check(60, 'down'),
      config({ enabled: false, changedAt: at(70) }),
    ]);
    expect(events).toEqual([
      { ...target, from: 'pending', to: 'down', reason: 'failing', changedAt: at(1), slot: at(0) },
      { ...target, from: 'down', to: 'paused', reason: 'disabled', changedAt: at(70) },
    ]);
  });

  it('says why a result changed nothing', () => {
    const { reasons } = fold([
      config(),
      check(0, 'up'),
      check(60, 'up'),
      check(60, 'down'),
      check(120, 'up', 'z'),
    ]);
    expect(reasons).toEqual([
      'same_status',
      'succeeding',
      'same_status',
      'late_slot',
      'location_not_configured',
    ]);
  });
});

const three = (quorum: Quorum) => config({ locations: ['a', 'b', 'c'], quorum });
const report = (text: string) =>
  text.split(' ').flatMap((word, n) => {
    const location = 'abc'.charAt(n);
    if (word === '-') return [];
    if (word === 'unknown') return [check(0, 'error', location), check(60, 'error', location)];
    return [check(0, word as Outcome, location)];
  });

describe('a target that was deleted', () => {
  it('keeps its last status whatever still arrives', () => {
    const { state, events, reasons } = fold([
      config(),
      check(0, 'up'),
      { type: 'deleted' },
      check(60, 'down'),
      config({ enabled: false }),
    ]);
    expect(state).toMatchObject({ status: 'up', deleted: true });
    expect(events).toHaveLength(1);
    expect(reasons.slice(2)).toEqual(['deleted', 'deleted', 'deleted']);
  });
});

describe('K14: what a person decided', () => {
  it('is not overwritten by the check that was under way', () => {
    const { state, reasons } = fold([
      config(),
      check(0, 'up'),
      config({ enabled: false, changedAt: at(61) }),
      check(60, 'down'),
    ]);
    expect(state.status).toBe('paused');
    expect(reasons.at(-1)).toBe('paused');
  });
});

describe('K13: a location that reports late', () => {
  it('is counted for itself, without waiting for the others or holding them up', () => {
    const inputs = [three('majority'), check(0, 'up', 'a'), check(0, 'down', 'b'), check(60, 'up', 'a')];
    const { state } = fold(inputs);
    expect(state.status).toBe('degraded');
    const { events } = fold([check(0, 'down', 'c')], state);
    expect(events).toMatchObject([{ from: 'degraded', to: 'down', slot: at(0) }]);
  });
});

describe('the status over locations', () => {
  it.each<[Quorum, string, Status]>([
    ['any', 'down up up', 'down'],
    ['majority', 'down up up', 'degraded'],
    ['majority', 'down down up', 'down'],
    ['majority', 'down - -', 'pending'],
    ['all', 'down down up', 'degraded'],
    ['all', 'down down down', 'down'],
    ['all', 'down down unknown', 'unknown'],
    [2, 'down up up', 'degraded'],
    [2, 'down down -', 'down'],
    [9, 'down down down', 'down'],
    [0, 'up up up', 'up'],
    ['majority', 'up unknown unknown', 'up'],
    ['majority', 'unknown unknown unknown', 'unknown'],
    ['majority', 'up degraded up', 'degraded'],
    ['majority', 'up - -', 'up'],
  ])('with quorum %s and %s it is %s', (quorum, words, expected) => {
    expect(fold([three(quorum), ...report(words)]).state.status).toBe(expected);
  });

  it('is decided again when locations or quorum are edited', () => {
    const { state, events } = fold([three('majority'), ...report('down up up'), three('any')]);
    expect(events.at(-1)).toMatchObject({ from: 'degraded', to: 'down' });
    expect(fold([config({ locations: ['b', 'c'] })], state).state.status).toBe('up');
  });

  it.each<[Quorum, number, number]>([
    ['majority', 1, 1],
    ['majority', 2, 2],
    ['majority', 4, 3],
    ['all', 4, 4],
    ['any', 4, 1],
    [3, 2, 2],
    [0, 2, 1],
  ])('needs %s of %i: %i', (quorum, locations, expected) => {
    expect(quorumSize(quorum, locations)).toBe(expected);
  });
});

describe('the status of a job', () => {
  it.each([
    ['passed', 'up'],
    ['failed', 'down'],
    ['timeout', 'down'],
    ['error', 'unknown'],
  ] as const)('after a run that ended %s is %s', (status, expected) => {
    const run: StatusInput = { type: 'run_completed', slot: at(0), status, finishedAt: at(9) };
    const start = initialStatus({ ...target, targetKind: 'job' });
    expect(fold([config({ locations: [], quorum: 'any' }), run], start).events).toMatchObject([
      { targetKind: 'job', from: 'pending', to: expected },
    ]);
  });
});

/** The status from the whole history at once, without any state: what the fold must end in. */
function recompute(history: readonly StatusInput[]): Status {
  let start = 0;
  let latest: Extract<StatusInput, { type: 'configured' }> | undefined;
  history.forEach((input, n) => {
    if (input.type !== 'configured') return;
    if (latest && (input.enabled !== latest.enabled || input.enabledAt !== latest.enabledAt)) start = n;
    latest = input;
  });
  if (!latest) return 'pending';
  if (!latest.enabled) return 'paused';
  const { locations, enabledAt, quorum } = latest;
  const said = locations.map((location): string => {
    const counted: Outcome[] = [];
    let high = '';
    let enabled = true;
    let since = '';
    history.forEach((input, n) => {
      if (input.type === 'configured') {
        enabled = input.enabled;
        since = input.enabledAt;
      }
      if (input.type !== 'check_completed' || input.location !== location || !enabled) return;
      if (input.slot <= high || input.slot < since) return;
      high = input.slot;
      if (n > start && input.slot >= enabledAt) counted.push(input.outcome);
    });
    if (counted.length >= 2 && counted.slice(-2).every((one) => one === 'error')) return 'unknown';
    return counted.findLast((one) => one !== 'error') ?? 'pending';
  });
  const has = (status: string) => said.includes(status);
  const down = said.filter((one) => one === 'down').length;
  const isDown =
    quorum === 'any'
      ? down > 0
      : quorum === 'all'
        ? down === said.length
        : quorum === 'majority'
          ? down * 2 > said.length
          : down >= quorum;
  if (isDown) return 'down';
  if (has('degraded') || (has('up') && down > 0)) return 'degraded';
  if (has('up')) return 'up';
  return has('unknown') ? 'unknown' : 'pending';
}

describe('any history', () => {
  const anyOutcome = fc.constantFrom<Outcome>('up', 'degraded', 'down', 'error');
  const anyCheck = fc
    .tuple(fc.integer({ min: 0, max: 60 }), anyOutcome, fc.constantFrom('a', 'b', 'c'))
    .map(([slot, outcome, location]) => check(slot, outcome, location));
  const anyConfig = fc
    .record({
      enabled: fc.boolean(),
      enabledAt: fc.constantFrom(at(0), at(10), at(20)),
      quorum: fc.constantFrom<Quorum>('any', 'majority', 'all', 2),
    })
    .map((edit) => config({ ...edit, locations: ['a', 'b', 'c'] }));
  const anyHistory = fc
    .array(fc.oneof({ weight: 6, arbitrary: anyCheck }, { weight: 1, arbitrary: anyConfig }), {
      maxLength: 80,
    })
    .map((rest) => [config({ locations: ['a', 'b', 'c'] }), ...rest]);

  it('gives changes that follow from each other and end where a recomputation ends', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { events, state } = fold(history);
        let status: Status = 'pending';
        for (const event of events) {
          expect(event.from).toBe(status);
          expect(event.to).not.toBe(status);
          status = event.to;
        }
        expect(state.status).toBe(status);
        expect(status).toBe(recompute(history));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not changed by telling any of its results twice', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const repeated = history.flatMap((input) => [input, input]);
        expect(fold(repeated).events).toEqual(fold(history).events);
      }),
    );
  });

  it('survives a trip through JSON between any two inputs', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let state = initialStatus(target);
        for (const input of history) state = JSON.parse(JSON.stringify(decideStatus(input, state).state));
        expect(state.status).toBe(fold(history).state.status);
      }),
    );
  });
});
