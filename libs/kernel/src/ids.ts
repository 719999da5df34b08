import { v5, v7, validate } from 'uuid';

const NAMESPACE = 'b3d9a1f2-6c7e-5b1a-9a54-0d6f2c5e7a10';

/**
 * UUIDv5 of what caused the thing, so that a repeat has the same id.
 * @param parts joined by `|`; no part may contain that character
 */
export function derivedId(...parts: string[]): string {
  return v5(parts.join('|'), NAMESPACE);
}

/** A fresh UUIDv7. For shells only: rules take their ids as arguments or derive them. */
export function newId(): string {
  return v7();
}

export function isUuid(text: string): boolean {
  return validate(text);
}
