import { styleText } from 'node:util';
import { MASK } from '@tocsin/http-api';
import type { JsonValue } from '@tocsin/kernel';
import { printable } from '../output/printable.js';
import { masked, type Named } from './current.js';
import { withoutDefaults } from './defaults.js';
import { differences, type FieldChange } from './diff.js';
import type { Kind } from './document.js';
import type { FromEnvironment, Path } from './environment.js';
import { isObject } from './json.js';
import type { Plan, Step } from './plan.js';

const SIGNS = { create: '+', update: '~', adopt: '»', delete: '-', unchanged: ' ' } as const;
const COLOURS = {
  create: 'green',
  update: 'yellow',
  adopt: 'cyan',
  delete: 'red',
  unchanged: 'gray',
} as const;
const LONGEST = 100;

type Origins = (kind: Kind, name: string) => readonly FromEnvironment[];

/** A step as JSON tells it, and people are shown it: without a secret, and without what the environment gave. */
export interface ShownStep {
  readonly action: Step['action'];
  readonly kind: Kind;
  readonly name: string;
  readonly id?: string;
  readonly changes: readonly FieldChange[];
  /** `sent`: with the rest, whether or not they differ */
  readonly secrets?: 'changed' | 'sent';
  readonly belongedTo?: string | null;
}

export function shownSteps({ steps }: Plan, fromEnvironment: Origins): ShownStep[] {
  const short = withoutDefaults();
  return steps
    .filter(({ action }) => action !== 'unchanged')
    .map((step) => {
      const { action, kind, name } = step;
      if (action === 'delete') return { action, kind, name, id: step.existing.id, changes: [] };
      if (action === 'create') {
        const thing = short(kind, masked(kind, step.thing));
        return { action, kind, name, changes: fieldsOf(thing, fromEnvironment(kind, name)) };
      }
      const { existing, changes, hasSecrets } = step;
      return {
        action,
        kind,
        name,
        id: existing.id,
        changes,
        ...(hasSecrets ? { secrets: action === 'update' && changes.length === 0 ? 'changed' : 'sent' } : {}),
        ...(action === 'adopt' ? { belongedTo: existing.managedBy ?? null } : {}),
      };
    });
}

function fieldsOf(thing: Named, from: readonly FromEnvironment[]): FieldChange[] {
  const fields = Object.entries(thing).filter(([key]) => key !== 'name');
  return fields.flatMap(([key, value]) =>
    differences({}, { [key]: value }, from).flatMap((change) => inside(change, key, value, from)),
  );
}

/** Of a new thing each setting is a line of its own. */
function inside(
  change: FieldChange,
  key: string,
  value: JsonValue,
  from: readonly FromEnvironment[],
): FieldChange[] {
  if (!isObject(value)) return [change];
  const within = from
    .filter(({ path }) => path[0] === key)
    .map((one) => ({ ...one, path: one.path.slice(1) }));
  return differences({}, value, within).map((one) => ({ ...one, path: [key, ...one.path] }));
}

const WORDS = {
  create: ['to create', 'created'],
  update: ['to change', 'changed'],
  adopt: ['to take over', 'taken over'],
  delete: ['to remove', 'removed'],
} as const;

/** How much of what there is. */
export function sentence(steps: readonly ShownStep[], plan: Plan, isDone = false): string {
  const parts = Object.entries(WORDS).flatMap(([action, [todo, done]]) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [`${count} ${isDone ? done : todo}`];
  });
  const unchanged = `${plan.steps.length - steps.length} unchanged`;
  return `${plan.set === undefined ? '' : `set ${plan.set}: `}${[...parts, unchanged].join(', ')}`;
}

/** A plan for people. */
export function showPlan(plan: Plan, steps: readonly ShownStep[], colours: boolean): string {
  const lines = steps.flatMap((step) => showStep(step, colours));
  const kept = plan.kept.map(({ kind, name }) =>
    printable(`  ${kind} ${name} is no longer in the files and stays`),
  );
  return [...lines, ...kept, sentence(steps, plan)].join('\n');
}

export function showStep(step: ShownStep, colours: boolean): string[] {
  const { action, kind, name, changes, secrets, belongedTo } = step;
  const from =
    belongedTo === undefined ? '' : ` (${belongedTo === null ? 'kept by hand' : `of the set ${belongedTo}`})`;
  const head = printable(`${SIGNS[action]} ${kind} ${name}${from}`);
  return [
    colours ? styleText(COLOURS[action], head, { validateStream: false }) : head,
    ...changes.map((change) => printable(`    ${showChange(change, action === 'create')}`)),
    ...(secrets === undefined ? [] : [`    (secret): ${secrets === 'changed' ? 'changed' : 'sent again'}`]),
  ];
}

/** @param isNew there was nothing before, and it goes without saying */
export function showChange(change: FieldChange, isNew = false): string {
  const name = nameOf(change.path);
  if ('from' in change) return `${name}: (from ${change.from.join(', ')})`;
  const { before, after } = change;
  if (isNew) return `${name}: ${brief(after)}`;
  if (typeof before === 'string' && typeof after === 'string' && `${before}${after}`.includes('\n'))
    return `${name}: ${linesOf(before, after)}`;
  return `${name}: ${brief(before)} → ${brief(after)}`;
}

function brief(value: JsonValue | undefined): string {
  if (value === undefined) return '(nothing)';
  if (value === MASK) return '(secret)';
  const text = typeof value === 'string' ? value : JSON.stringify(value).replaceAll(`"${MASK}"`, '(secret)');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

function linesOf(before: string, after: string): string {
  const [one, other] = [before.split('\n'), after.split('\n')];
  const first = one.findIndex((line, index) => line !== other[index]);
  const line = first === -1 ? one.length : first;
  return `${one.length} → ${other.length} lines, from line ${line + 1}: ${brief(one[line] ?? '')} → ${brief(other[line] ?? '')}`;
}

const nameOf = (path: Path): string => path.map(String).join('.');
