import { stripVTControlCharacters } from 'node:util';

/** Text of others as one line of text: nothing in it moves the cursor, turns the reading direction or rings a bell. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
