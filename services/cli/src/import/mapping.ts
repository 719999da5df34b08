import type { JsonObject } from '@tocsin/kernel';
import type { Account } from './ledger.js';

/** The settings that are there: what is undefined stays out. */
export const settings = (fields: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, JsonObject[string]] => entry[1] !== undefined),
  );

export const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));

interface Whole {
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

/** A number as the nearest whole one that is allowed, told of as carried or changed. */
export function wholeNumber(
  account: Account,
  key: string,
  to: string,
  value: number,
  { from, to: most, unit }: Whole,
): number {
  const fitting = clamp(Math.ceil(value), from, most);
  if (fitting === value) account.carried(key, to);
  else account.changed(key, to, `${value} ${unit} became ${fitting} ${unit}`);
  return fitting;
}
