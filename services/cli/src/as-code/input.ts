import { assertNever, type JsonObject, type JsonValue } from '@tocsin/kernel';
import { asObject } from './json.js';

/** What ids stand for the names of things. */
export interface References {
  readonly provider: (name: string) => string;
  readonly test: (name: string) => string;
}

/** What the api takes for a thing of a document. */
export function inputOf(
  kind: 'variable' | 'provider' | 'test' | 'monitor' | 'job',
  thing: JsonObject,
  references: References,
): JsonObject {
  switch (kind) {
    case 'variable': {
      const { secret, value, ...fields } = thing;
      return secret === undefined
        ? { ...fields, value: value ?? null }
        : { ...fields, value: secret, secret: true };
    }
    case 'monitor':
      return withAlerts({ ...thing, config: configOf(thing, references) }, references);
    case 'job':
      return withAlerts({ ...thing, tests: names(thing.tests).map(references.test) }, references);
    case 'provider':
    case 'test':
      return thing;
    default:
      return assertNever(kind);
  }
}

function configOf({ type, config }: JsonObject, references: References): JsonValue {
  if (type !== 'synthetic_test') return config ?? {};
  const { test, ...fields } = asObject(config);
  return { testId: typeof test === 'string' ? references.test(test) : '', ...fields };
}

function withAlerts(thing: JsonObject, references: References): JsonObject {
  const alertConfig = asObject(thing.alertConfig);
  const notificationProviders = names(alertConfig.notificationProviders).map(references.provider);
  return { ...thing, alertConfig: { ...alertConfig, notificationProviders } };
}

/** An id for every name, while nothing is there yet. */
export function placeholders(): References {
  const ids = new Map<string, string>();
  const idFor = (name: string): string => {
    const id = ids.get(name) ?? `00000000-0000-4000-8000-${ids.size.toString(16).padStart(12, '0')}`;
    ids.set(name, id);
    return id;
  };
  return { provider: (name) => idFor(`provider ${name}`), test: (name) => idFor(`test ${name}`) };
}

const names = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
