import { z } from 'zod';

// What other tools write differs from version to version: what is of no use is as if it were not there, and the ledger
// then tells that nobody took it.

const there = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

export const text = z
  .union([z.string(), z.number().transform(String), z.boolean().transform(String)])
  .nullish()
  .transform(there)
  .catch(undefined);

export const number = z
  .union([
    z.number(),
    z
      .string()
      .trim()
      .regex(/^-?\d+(?:\.\d+)?$/)
      .transform(Number),
  ])
  .nullish()
  .transform(there)
  .catch(undefined);

/** SQLite has 0 and 1 for them. */
export const flag = z
  .union([z.boolean(), z.literal([0, 1]).transform(Boolean)])
  .nullish()
  .transform(there)
  .catch(undefined);

export const texts = z
  .array(z.union([z.string(), z.number().transform(String)]))
  .nullish()
  .transform(there)
  .catch(undefined);

export const textMap = z
  .record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]))
  .nullish()
  .transform(there)
  .catch(undefined);

/** An object in the place of which may be anything. */
export const objectOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape).nullish().transform(there).catch(undefined);

/** A list whose members are read one by one: what is not one is undefined, in its place. */
export const listOf = <Item>(item: z.ZodType<Item>) =>
  z
    .array(z.unknown().transform((value) => item.safeParse(value).data))
    .nullish()
    .transform(there)
    .catch(undefined);
