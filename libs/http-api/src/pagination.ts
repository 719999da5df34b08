import { DomainError } from '@tocsin/kernel';
import { z } from 'zod';

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().min(1).max(3_000).optional().meta({ description: '`nextCursor` of the page before' }),
};

/** `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export type CursorKey = readonly (string | number)[];

/**
 * The place in one list, as text that callers hand back untouched. It is not signed: it says where to go on, never
 * what may be seen, so a made-up one that passes `key` shows nothing its caller could not list anyway.
 * @param list named in the cursor, so that one list's cursor is no other's
 */
export function cursorFor<Key extends CursorKey>(list: string, key: z.ZodType<Key>) {
  const schema = z.tuple([z.literal(list), key]);
  const encode = (at: Key): string => toBase64Url(JSON.stringify([list, at]));
  return {
    encode,
    /** @throws DomainError `invalid_cursor` */
    decode(cursor: string): Key {
      const parsed = schema.safeParse(jsonOf(cursor));
      // Re-encoding refuses padding, stray bits and blanks: one place has one cursor.
      if (parsed.success && encode(parsed.data[1]) === cursor) return parsed.data[1];
      const message = 'is not a cursor of this list: use nextCursor as it was given, or leave it out';
      throw new DomainError('invalid_cursor', `cursor ${message}`, [{ field: 'cursor', message }]);
    },
  };
}

const toBase64Url = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

function jsonOf(cursor: string): unknown {
  try {
    const bytes = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
