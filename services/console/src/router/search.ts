/** Search parameters of a page: what is not understood is left out, for an address may be typed or old. */
export type Picker<Value> = (raw: unknown) => Value | undefined;

export const text: Picker<string> = (raw) =>
  typeof raw === 'string' && raw !== '' ? raw : typeof raw === 'number' ? String(raw) : undefined;

export const oneOf =
  <const Value extends string>(values: readonly Value[]): Picker<Value> =>
  (raw) =>
    values.find((value) => value === raw);

/** Several of them, as one readable text: `down,degraded`. */
export const someOf =
  (values: readonly string[]): Picker<string> =>
  (raw) => {
    const said = typeof raw === 'string' ? raw.split(',') : [];
    return values.filter((value) => said.includes(value)).join(',') || undefined;
  };

/** Texts that may hold commas themselves. */
export const texts: Picker<readonly string[]> = (raw) => {
  const all = [raw].flat().flatMap((one) => text(one) ?? []);
  return all.length === 0 ? undefined : all;
};

export const flag: Picker<boolean> = (raw) => (typeof raw === 'boolean' ? raw : undefined);

export const whole: Picker<number> = (raw) =>
  typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0 ? raw : undefined;

type Shape = Readonly<Record<string, Picker<unknown>>>;
type SearchOf<S extends Shape> = { [Key in keyof S]?: S[Key] extends Picker<infer Value> ? Value : never };

/** For `validateSearch` of a route: `searchOf({ q: text, status: oneOf(STATUSES) })`. */
export const searchOf =
  <const S extends Shape>(shape: S) =>
  (raw: Record<string, unknown>): SearchOf<S> =>
    Object.fromEntries(
      Object.entries(shape).flatMap(([key, pick]) => {
        const value = pick(raw[key]);
        return value === undefined ? [] : [[key, value]];
      }),
    ) as SearchOf<S>;
