import { keepMasked, MASK } from '@tocsin/http-api';
import { DomainError, type FieldProblem, type JsonObject, type JsonValue } from '@tocsin/kernel';

type Paths = readonly (readonly string[])[];

export interface Incoming {
  /** settings as they came in, masks where the caller left a secret alone */
  readonly config: unknown;
  /** settings as they are stored, secrets included */
  readonly stored: JsonObject;
  /** where the stored ones are secret */
  readonly paths: Paths;
  /** whether what comes in would be sent elsewhere than what is stored */
  readonly isMoved: (filled: JsonObject) => boolean;
  /** what the caller calls the settings; nothing when they are not by themselves */
  readonly within?: string | undefined;
}

/**
 * Puts stored secrets where their masks came back. A secret was given for one destination: whoever names another
 * must know it, or a masked form would be a way to have it sent to oneself.
 * @throws DomainError naming the secrets to give again
 */
export function fillMasked({ config, stored, paths, isMoved, within = 'config' }: Incoming): unknown {
  if (!isObject(config)) return config;
  const filled = keepMasked(config, stored, paths);
  const kept = paths.filter((path) => valueAt(config, path) === MASK);
  if (kept.length > 0 && isMoved(filled))
    refuse(kept, 'must be given again, because the destination changes', within);
  return filled;
}

/** @throws DomainError where a mask was sent for a secret that is not stored */
export function refuseMasks(config: JsonObject, paths: Paths, within = 'config'): void {
  const left = paths.filter((path) => valueAt(config, path) === MASK);
  if (left.length > 0) refuse(left, 'must be the secret itself: none is stored', within);
}

function refuse(paths: Paths, message: string, within: string): never {
  const problems = paths.map(
    (path): FieldProblem => ({ field: [...(within === '' ? [] : [within]), ...path].join('.'), message }),
  );
  throw new DomainError('validation_failed', `${problems[0]?.field}: ${message}`, problems);
}

/** Where a URL leads: scheme, host and port; other text is its own destination. */
export const originOf = (url: unknown): string => {
  if (typeof url !== 'string') return '';
  return URL.canParse(url) ? new URL(url).origin : url;
};

export function valueAt(object: JsonObject, [key, ...rest]: readonly string[]): JsonValue | undefined {
  const value = key !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0) return value;
  return isObject(value) ? valueAt(value, rest) : undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
