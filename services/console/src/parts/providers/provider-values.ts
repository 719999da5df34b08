import { fieldProblems, MASK, type ProviderView, providerInput } from '@tocsin/http-api';
import type { FieldProblem, JsonObject } from '@tocsin/kernel';
import type { ProviderKind } from '@tocsin/notifying';
import { get, set } from 'react-hook-form';
import { OWN_SERVER, PROVIDER_FIELDS, type ProviderField } from './provider-fields.js';

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** What the form holds: settings at their paths, as text, and what has another shape than its setting. */
export interface ProviderValues {
  name: string;
  enabled: boolean;
  hasOwnServer: boolean;
  headers: Header[];
  config: Record<string, unknown>;
}

const isAsked = ({ path }: ProviderField, values: Pick<ProviderValues, 'hasOwnServer'>): boolean =>
  values.hasOwnServer || !path.startsWith(`${OWN_SERVER}.`);

export const fieldsOf = (
  kind: ProviderKind,
  values: Pick<ProviderValues, 'hasOwnServer'>,
): readonly ProviderField[] => PROVIDER_FIELDS[kind].filter((field) => isAsked(field, values));

/** @param view undefined: a new one */
export function valuesOf(kind: ProviderKind, view?: ProviderView): ProviderValues {
  const stored = view?.config ?? {};
  const config: Record<string, unknown> = {};
  for (const { path, input, usual } of PROVIDER_FIELDS[kind]) {
    const value = get(stored, path) as string | number | boolean | undefined;
    if (input === 'headers') continue;
    if (input === 'switch') set(config, path, value === undefined ? usual === true : value === true);
    else set(config, path, value === undefined ? (usual ?? '') : String(value));
  }
  return {
    name: view?.name ?? '',
    enabled: view?.enabled ?? true,
    hasOwnServer: Object.hasOwn(stored, OWN_SERVER),
    headers: Object.entries((stored.headers ?? {}) as Record<string, string>).map(([name, value]) => ({
      name,
      value,
    })),
    config,
  };
}

/** What is sent to the api. Text that may be left out is, when it is empty. */
export function inputOf(kind: ProviderKind, values: ProviderValues) {
  const config: JsonObject = {};
  for (const { path, input, needed } of fieldsOf(kind, values)) {
    const value = get(values.config, path) as string | boolean | undefined;
    const isKeptEmpty = path.startsWith(`${OWN_SERVER}.`);
    if (input === 'headers') {
      const headers = values.headers.filter(({ name }) => name.trim() !== '');
      if (headers.length > 0)
        config[path] = Object.fromEntries(headers.map((header) => [header.name.trim(), header.value]));
    } else if (typeof value === 'boolean') set(config, path, value);
    else {
      const text = input === 'template' ? (value ?? '') : (value ?? '').trim();
      if (text === '' && (needed === true || !isKeptEmpty)) continue;
      set(config, path, input === 'number' ? Number(text) : text);
    }
  }
  return { name: values.name.trim(), type: kind, enabled: values.enabled, config };
}

/** What is wrong with it, as far as it can be told here: the masks of stored secrets are kept by the api. */
export function problemsOf(kind: ProviderKind, values: ProviderValues): readonly FieldProblem[] {
  const input = inputOf(kind, values);
  const empty = [
    ...(input.name === '' ? [{ field: 'name', message: 'Give it a name' }] : []),
    ...fieldsOf(kind, values)
      .filter(({ needed, path }) => needed === true && get(input.config, path) === undefined)
      .map(({ path, label }) => ({ field: `config.${path}`, message: `${label} is needed` })),
  ];
  const known = new Set(empty.map(({ field }) => field));
  const parsed = providerInput.safeParse(input);
  if (parsed.success) return empty;
  const wrong = fieldProblems(parsed.error).filter(
    ({ field }) => !known.has(field) && get(input, field) !== MASK,
  );
  return [...empty, ...wrong];
}

/** Where a problem of the api is shown in the form: headers are a list here. */
export function placeOf(field: string, values: Pick<ProviderValues, 'headers'>): string {
  const name = /^config\.headers\.(.+)$/.exec(field)?.[1];
  if (name === undefined) return field === 'config.headers' ? 'headers.root' : field;
  const index = values.headers.findIndex((header) => header.name.trim() === name);
  return index === -1 ? 'headers.root' : `headers.${index}.value`;
}
