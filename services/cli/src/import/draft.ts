import type { JsonObject } from '@tocsin/kernel';
import type { Thing } from './ledger.js';

/**
 * A thing as it will be in the document, except that nothing is escaped, secrets stand as they are, and what comes from
 * the environment is marked by `reference`. It need not be valid yet.
 */
export interface Draft extends Thing {
  readonly value: JsonObject;
}

const OPEN = '\uE000';
const CLOSE = '\uE001';
const REFERENCE = new RegExp(`${OPEN}([A-Za-z0-9_]*)${CLOSE}`, 'g');

/** Stands in a text for a variable of the environment. */
export const reference = (name: string): string => `${OPEN}${name}${CLOSE}`;

/** A secret that the other tool did not tell: its user has to. */
export const UNTOLD = reference('');

export const hasReference = (text: string): boolean => text.search(REFERENCE) !== -1;

export const replaceReferences = (text: string, replace: (name: string) => string): string =>
  text.replaceAll(REFERENCE, (_, name: string) => replace(name));

/** Texts of others may not contain our marks. */
export const withoutMarks = (text: string): string =>
  text.replaceAll(new RegExp(`[${OPEN}${CLOSE}]`, 'g'), '');
