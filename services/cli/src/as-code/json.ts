import type { JsonObject, JsonValue } from '@tocsin/kernel';

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is there, or nothing of its kind. */
export const asObject = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
export const asList = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : [];
export const asText = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
