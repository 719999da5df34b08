import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import type { Named } from './current.js';
import { type Kind, listOf } from './document.js';
import { isObject } from './json.js';
import { plainSchema } from './json-schema.js';

type Schema = z.core.JSONSchema.BaseSchema;

/** Leaves out what a document has anyway when nothing is said. */
export function withoutDefaults(): (kind: Kind, thing: Named) => Named {
  const lists = plainSchema().properties ?? {};
  return (kind, thing) => {
    const list = schemaOf(lists[listOf(kind)]);
    return shorten(thing, schemaOf(list.items as Schema)) as Named;
  };
}

function shorten(value: JsonValue, schema: Schema): JsonValue {
  if (Array.isArray(value)) return value.map((item) => shorten(item, schemaOf(schema.items as Schema)));
  if (!isObject(value)) return value;
  const { properties = {} } = fitting(value, schema);
  const order = Object.keys(properties);
  const entries = Object.entries(value).toSorted(([a], [b]) => placeOf(order, a) - placeOf(order, b));
  const kept = entries.flatMap(([key, item]): [string, JsonValue][] => {
    const property = Object.hasOwn(properties, key) ? schemaOf(properties[key]) : {};
    const short = shorten(item, property);
    const isDefault =
      'default' in property && [item, short].some((one) => isDeepStrictEqual(one, property.default));
    return isDefault ? [] : [[key, short]];
  });
  return Object.fromEntries(kept);
}

/** A name comes first, and what nobody knows last. */
const placeOf = (order: readonly string[], key: string): number => {
  if (key === 'name') return -2;
  if (key === 'type' || key === 'kind') return -1;
  const place = order.indexOf(key);
  return place === -1 ? order.length : place;
};

/** Of several alternatives the one whose constants the value has. */
function fitting(value: JsonObject, schema: Schema): Schema {
  const alternatives = (schema.oneOf ?? schema.anyOf ?? []).map((one) => schemaOf(one));
  if (alternatives.length === 0) return schema;
  const isFit = ({ properties = {} }: Schema) =>
    Object.entries(properties).every(([key, property]) => {
      const { const: constant } = schemaOf(property);
      return constant === undefined || value[key] === constant;
    });
  return alternatives.find(isFit) ?? {};
}

const schemaOf = (schema: z.core.JSONSchema._JSONSchema | undefined): Schema =>
  typeof schema === 'object' ? schema : {};
