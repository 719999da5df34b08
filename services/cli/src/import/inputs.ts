import { jobInput, monitorInput, providerInput, testInput, variableInput } from '@tocsin/http-api';
import { derivedId, type JsonObject, type JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import type { Thing } from './ledger.js';

const SCHEMAS: Readonly<Record<Thing['kind'], z.ZodType>> = {
  provider: providerInput,
  variable: variableInput,
  test: testInput,
  monitor: monitorInput,
  job: jobInput,
};

export const schemaOf = (kind: Thing['kind']): z.ZodType => SCHEMAS[kind];

const idOf = (name: JsonValue): JsonValue => (typeof name === 'string' ? derivedId('import', name) : name);
const idsOf = (names: JsonValue | undefined): JsonValue =>
  Array.isArray(names) ? names.map(idOf) : (names ?? []);

/** As the api takes it: with ids in place of names, whatever they will be, and a script in place of its file. */
export function asInput(kind: Thing['kind'], value: JsonObject): JsonObject {
  switch (kind) {
    case 'monitor':
      return { ...value, ...alertsOf(value), ...testOf(value) };
    case 'job':
      return { ...value, ...alertsOf(value), ...('tests' in value ? { tests: idsOf(value.tests) } : {}) };
    case 'test':
      return scriptOf(value);
    case 'variable': {
      const { secret, ...others } = value;
      return typeof secret === 'string' ? { ...others, value: secret, secret: true } : value;
    }
    case 'provider':
      return value;
  }
}

function alertsOf({ alertConfig }: JsonObject): JsonObject {
  if (!isObject(alertConfig) || !('notificationProviders' in alertConfig)) return {};
  return {
    alertConfig: { ...alertConfig, notificationProviders: idsOf(alertConfig.notificationProviders) },
  };
}

function testOf({ config }: JsonObject): JsonObject {
  if (!isObject(config) || typeof config.test !== 'string') return {};
  const { test, ...others } = config;
  return { config: { ...others, testId: idOf(test) } };
}

function scriptOf(value: JsonObject): JsonObject {
  const { scriptFile, ...others } = value;
  return scriptFile === undefined ? value : { ...others, definition: { script: 'x' } };
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
