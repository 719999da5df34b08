import type { JsonObject, JsonValue } from '@tocsin/kernel';
import { stringify } from 'yaml';
import { type Current, type Named, secretsOf } from './current.js';
import { withoutDefaults } from './defaults.js';
import { KINDS, type Kind, listOf } from './document.js';
import { escaped } from './environment.js';
import { asObject } from './json.js';

export interface Exported {
  readonly document: JsonObject;
  /** variables of the environment that the document needs, and what each is the secret of */
  readonly secrets: readonly { readonly variable: string; readonly of: string }[];
  /** why it would not be a document */
  readonly problems: readonly string[];
}

/** What is there as a document that changes nothing when it is applied. @param set that alone; without: everything */
export function exported(current: Current, set: string | undefined): Exported {
  const short = withoutDefaults();
  const secrets = new Map<string, string>();
  const problems: string[] = [];
  const lists = KINDS.map((kind): [string, JsonValue[]] => {
    const chosen = current[kind].filter(({ managedBy }) => set === undefined || managedBy === set);
    const names = chosen.map(({ thing }) => thing.name);
    for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
      const ids = chosen.filter(({ thing }) => thing.name === name).map(({ id }) => id);
      problems.push(`there are several ${kind}s called "${name}": ${ids.join(', ')}; rename all but one`);
    }
    return [listOf(kind), chosen.map(({ thing }) => withPlaceholders(kind, thing))];
  });
  const document = {
    tocsin: 1,
    ...(set === undefined ? {} : { set }),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
  };
  return { document, secrets: [...secrets].map(([variable, of]) => ({ variable, of })), problems };

  function withPlaceholders(kind: Kind, thing: Named): JsonObject {
    return secretsOf(kind, thing).reduce(
      (there, path) => {
        const variable = variableFor(kind, thing.name, path);
        secrets.set(variable, `${kind} "${thing.name}" ${path.join('.')}`);
        return put(there, path, `\${${variable}}`);
      },
      escapedTexts(short(kind, thing), kind, []) as JsonObject,
    );
  }

  function variableFor(kind: Kind, name: string, path: readonly string[]): string {
    const parts = [kind, name, ...path.filter((part) => part !== 'config' && part !== 'secret')];
    const base = parts
      .join('_')
      .normalize('NFKD')
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase();
    for (let count = 1; ; count++) {
      const variable = count === 1 ? base : `${base}_${count}`;
      if (!secrets.has(variable)) return variable;
    }
  }
}

function escapedTexts(value: JsonValue, kind: Kind, path: readonly string[]): JsonValue {
  // A program is taken as it is
  if (kind === 'test' && path[0] === 'definition' && path[1] === 'script') return value;
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map((item) => escapedTexts(item, kind, path));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, escapedTexts(item, kind, [...path, key])]),
  );
}

function put(object: JsonObject, [key = '', ...rest]: readonly string[], value: string): JsonObject {
  const there = object[key];
  return { ...object, [key]: rest.length === 0 ? value : put(asObject(there), rest, value) };
}

/** As a file, with what it needs said at its top. */
export function asYaml({ document, secrets }: Exported): string {
  const top = secrets.map(({ variable, of }) => `#   ${variable}: ${of.replaceAll(/\p{Cc}/gu, ' ')}\n`);
  const needs = top.length === 0 ? '' : `# Needs from the environment:\n${top.join('')}`;
  return `${needs}${stringify(document, { lineWidth: 0, blockQuote: 'literal' })}`;
}
