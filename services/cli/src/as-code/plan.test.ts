import type { JsonObject } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Current, currentOf, type Existing, masked, type Named } from './current.js';
import { type Document, documentSchema, KINDS, listOf } from './document.js';
import { documents } from './documents.fixture.js';
import { load } from './load.js';
import { isEmpty, type PlanOptions, plan } from './plan.js';

const NOTHING: Current = currentOf({ variable: [], provider: [], test: [], monitor: [], job: [] });
const GIVEN: PlanOptions = { adopt: false, prune: true };

const unowned = (lists: JsonObject): Document => documentSchema.parse({ tocsin: 1, ...lists });
const documentOf = (lists: JsonObject, set = 'shop'): Document => unowned({ set, ...lists });

/** What would be there once a document was applied. */
function after(document: Document, owner: string | null = document.set ?? null): Current {
  const entries = KINDS.map((kind) => [
    kind,
    (document[listOf(kind)] as unknown as Named[]).map(
      (thing, index): Existing => ({
        id: `${kind}-${index}`,
        revision: 1,
        managedBy: owner ?? undefined,
        thing: masked(kind, JSON.parse(JSON.stringify(thing)) as Named),
        mutedUntil: undefined,
      }),
    ),
  ]);
  return Object.fromEntries(entries) as Current;
}

const shown = (document: Document, current: Current, options: Partial<PlanOptions> = {}) => {
  const { steps, problems } = plan(document, current, { ...GIVEN, ...options });
  return { steps: steps.map(({ action, kind, name }) => `${action} ${kind} ${name}`), problems };
};

const ping = (name: string, more: JsonObject = {}) => ({
  name,
  type: 'ping_host',
  target: 'localhost',
  ...more,
});
const slack = (name: string) => ({
  name,
  type: 'slack',
  config: { webhookUrl: 'https://hooks.example/CANARY' },
});
const paging = (...notificationProviders: string[]) => ({
  alertConfig: { enabled: true, notificationProviders },
});
const script = (name: string) => ({ name, kind: 'browser', definition: { script: '1' } });

describe('a plan', () => {
  it('makes things in an order in which everything names only what is there', () => {
    const document = documentOf({
      jobs: [{ name: 'j', tests: ['t'] }],
      monitors: [ping('m', paging('p'))],
      tests: [script('t')],
      providers: [slack('p')],
    });
    const { steps } = shown(document, NOTHING);
    expect(steps).toEqual(['create provider p', 'create test t', 'create monitor m', 'create job j']);
    expect(shown(documentOf({}), after(document)).steps).toEqual([
      'delete job j',
      'delete monitor m',
      'delete test t',
      'delete provider p',
    ]);
  });

  it.each<[string, Document, Current, Partial<PlanOptions>, string[]]>([
    [
      'what is the same stays',
      documentOf({ monitors: [ping('a')] }),
      after(documentOf({ monitors: [ping('a')] })),
      {},
      ['unchanged monitor a'],
    ],
    [
      'what differs is changed',
      documentOf({ monitors: [ping('a', { tags: ['x'] })] }),
      after(documentOf({ monitors: [ping('a')] })),
      {},
      ['update monitor a'],
    ],
    [
      'what is no longer listed goes',
      documentOf({}),
      after(documentOf({ monitors: [ping('a')] })),
      {},
      ['delete monitor a'],
    ],
    [
      '… unless it is to be kept',
      documentOf({}),
      after(documentOf({ monitors: [ping('a')] })),
      { prune: false },
      [],
    ],
    ['… or is of another set', documentOf({}), after(documentOf({ monitors: [ping('a')] }), 'other'), {}, []],
    ['… or nothing is owned', unowned({}), after(unowned({ monitors: [ping('a')] })), {}, []],
    [
      'what others own is taken over when told to',
      documentOf({ monitors: [ping('a')] }),
      after(documentOf({ monitors: [ping('a')] }), 'other'),
      { adopt: true },
      ['adopt monitor a'],
    ],
  ])('%s', (_, document, current, options, steps) => {
    expect(shown(document, current, options)).toEqual({ steps, problems: [] });
  });

  const used = after(documentOf({ providers: [slack('p')], tests: [script('t')] }));
  const byHand = after(unowned({ monitors: [ping('m', paging('p'))], jobs: [{ name: 'j', tests: ['t'] }] }));
  const a = after(documentOf({ monitors: [ping('a')] }));
  const twice = after(documentOf({ monitors: [ping('a'), ping('b')] })).monitor.map((one) => ({
    ...one,
    thing: ping('a'),
  }));
  const providers = after(unowned({ providers: [slack('p'), slack('q')] })).provider.map((one) => ({
    ...one,
    thing: slack('p'),
  }));

  it.each<[string, Document, Current, RegExp[]]>([
    [
      'a name that is nowhere',
      documentOf({ monitors: [ping('m', paging('p'))] }),
      NOTHING,
      [/^monitor "m": there is no provider "p"/],
    ],
    [
      'a provider that would be gone',
      documentOf({ monitors: [ping('m', paging('p'))] }),
      used,
      [/^provider "p" is no longer in the files, but monitor "m" uses it: /],
    ],
    [
      'what others use',
      documentOf({}),
      { ...byHand, provider: used.provider, test: used.test },
      [/^provider "p" .* monitor "m" uses it, which is not of this set/, /^test "t" .* job "j"/],
    ],
    [
      'two of a name it needs',
      documentOf({ monitors: [ping('a')] }),
      { ...NOTHING, monitor: twice },
      [/^monitor "a": there are several of that name: monitor-0, monitor-1/],
    ],
    [
      'two of a name it says',
      documentOf({ monitors: [ping('m', paging('p'))] }),
      { ...NOTHING, provider: providers },
      [/^monitor "m": there are several providers called "p": provider-0, provider-1/],
    ],
    [
      'another type',
      documentOf({ monitors: [{ name: 'a', type: 'heartbeat' }] }),
      a,
      [/^monitor "a": its type is ping_host and cannot become heartbeat/],
    ],
    [
      'a secret that would show',
      documentOf({ variables: [{ name: 'A', value: 'x' }] }),
      after(documentOf({ variables: [{ name: 'A', secret: 'x' }] })),
      [/^variable "A": it is secret/],
    ],
  ])('refuses %s', (_, document, current, problems) => {
    const found = shown(document, current).problems;
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });

  it('of whatever was just applied is empty, and of nothing removes all of it and no more', () => {
    fc.assert(
      fc.property(documents, documents, ({ document, env }, others) => {
        const loaded = load([{ file: 'a.json', text: JSON.stringify(document) }], env, () => undefined);
        const theirs = load(
          [{ file: 'b.json', text: JSON.stringify(others.document) }],
          others.env,
          () => undefined,
        );
        if ('problems' in loaded || 'problems' in theirs) throw new Error('not a document');
        const mine = after({ ...loaded.document, set: 'mine' });
        expect(isEmpty(plan({ ...loaded.document, set: 'mine' }, mine, GIVEN))).toBe(true);

        const beside = after(theirs.document, 'theirs');
        const both = Object.fromEntries(
          KINDS.map((kind) => [kind, [...mine[kind], ...beside[kind]]]),
        ) as unknown as Current;
        const { steps } = plan(documentOf({}, 'mine'), both, GIVEN);
        expect(steps.every((step) => step.action === 'delete' && step.existing.managedBy === 'mine')).toBe(
          true,
        );
        expect(steps).toHaveLength(KINDS.reduce((sum, kind) => sum + mine[kind].length, 0));
      }),
      { numRuns: 60 },
    );
  });
});
