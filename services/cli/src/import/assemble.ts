import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import { escaped } from '../as-code/environment.js';
import { job, monitor, provider, test, variable } from '../as-code/things.js';
import { type Draft, replaceReferences } from './draft.js';
import { fit } from './fit.js';
import type { Entry, Ledger, Thing } from './ledger.js';
import { type Secret, takeSecrets } from './secrets.js';

/** What an importer makes of a source. */
export interface Mapped {
  readonly drafts: readonly Draft[];
  readonly ledger: Ledger;
}

export interface Imported {
  /** the document as data; texts are escaped for it */
  readonly document: JsonObject;
  readonly entries: readonly Entry[];
  readonly secrets: readonly Secret[];
  /** what the document asks of the environment, of which the source asked some already */
  readonly environment: readonly string[];
}

/** In the order of the document, and of who needs whom. */
const KINDS = ['provider', 'variable', 'test', 'monitor', 'job'] as const;
const SCHEMAS: Readonly<Record<Thing['kind'], z.ZodType>> = { provider, variable, test, monitor, job };

/** A document that its schema takes, with nothing in it that others gave us unchecked; what did not fit is in the entries. */
export function assemble({ drafts, ledger }: Mapped, set: string): Imported {
  const secrets: Secret[] = [];
  const taken = new Set<string>();
  const kept = new Map<Thing['kind'], Map<string, JsonObject>>(KINDS.map((kind) => [kind, new Map()]));
  for (const kind of KINDS)
    for (const draft of drafts.filter((one) => one.kind === kind)) {
      const value = withKnownNames(draft, kept, ledger);
      if (value === undefined) continue;
      const fitted = fit(SCHEMAS[kind], value);
      for (const { path, why } of fitted.removed)
        ledger.retract(draft, path, `Tocsin does not take it: ${why}`, 'set it by hand');
      if (fitted.value === undefined || fitted.parsed === undefined) {
        const [last] = fitted.removed.slice(-1);
        const why = last === undefined ? 'it is not valid' : `${last.path || 'it'}: ${last.why}`;
        ledger.retract(draft, '', `the ${kind} is left out: ${why}`, `make the ${kind} by hand`);
        continue;
      }
      const made = takeSecrets(draft, fitted.value, fitted.parsed, taken);
      for (const { path, name } of made.filter(({ value: told }) => told === undefined))
        ledger.retract(draft, path, 'the export does not tell it', `set ${name} in the environment`);
      secrets.push(...made);
      kept.get(kind)?.set(draft.name, fitted.value);
    }
  const lists = KINDS.map((kind): [string, JsonValue[]] => [
    `${kind}s`,
    [...(kept.get(kind)?.values() ?? [])],
  ]);
  const document = Object.fromEntries(lists.filter(([, list]) => list.length > 0));
  const environment = new Set<string>();
  return {
    document: { tocsin: 1, set, ...(written(document, environment) as JsonObject) },
    entries: ledger.entries(),
    secrets,
    environment: [...environment],
  };
}

type Kept = ReadonlyMap<Thing['kind'], ReadonlyMap<string, JsonObject>>;

/** Without the names of what was left out. @returns undefined when nothing remains without it */
function withKnownNames(draft: Draft, kept: Kept, ledger: Ledger): JsonObject | undefined {
  const value = structuredClone(draft.value);
  const { alertConfig, config, tests } = value;
  const known = (kind: Thing['kind'], list: JsonValue | undefined): JsonValue[] =>
    Array.isArray(list)
      ? list.filter((name) => typeof name === 'string' && kept.get(kind)?.has(name) === true)
      : [];
  if (isObject(alertConfig) && Array.isArray(alertConfig.notificationProviders)) {
    const asked = alertConfig.notificationProviders;
    alertConfig.notificationProviders = known('provider', asked);
    if (asked.length > 0 && alertConfig.notificationProviders.length === 0) {
      alertConfig.enabled = false;
      const why = 'none of the providers it names was carried over, so its alerts are off';
      ledger.retract(
        draft,
        'alertConfig.notificationProviders',
        why,
        'name providers and set alertConfig.enabled',
      );
    }
  }
  if (isObject(config) && typeof config.test === 'string' && known('test', [config.test]).length === 0) {
    ledger.retract(draft, '', 'the test it runs was not carried over', 'make the monitor by hand');
    return undefined;
  }
  if (Array.isArray(tests)) {
    value.tests = known('test', tests);
    if (tests.length > 0 && value.tests.length === 0) {
      ledger.retract(draft, '', 'none of its tests was carried over', 'make the job by hand');
      return undefined;
    }
  }
  return value;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Literal texts stay literal, references become `${NAME}`, and scripts are read as they are. */
function written(value: JsonValue, asked: Set<string>, key = ''): JsonValue {
  if (typeof value === 'string') {
    if (key === 'script') return value;
    return replaceReferences(escaped(value), (name) => {
      asked.add(name);
      return `\${${name}}`;
    });
  }
  if (Array.isArray(value)) return value.map((item) => written(item, asked));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item, asked, name)]));
}
