import { z } from 'zod';

/** Several of them in a question: separated by commas, or the parameter said again. */
export const severalOf = <Item extends string>(item: z.ZodType<Item>, words: string, max = 100) =>
  z
    .union([z.string(), z.array(z.string()).max(max)])
    .transform((said, context): readonly Item[] => {
      const texts = [...new Set([said].flat().flatMap((text) => text.split(',')))];
      const parsed = z.array(item).min(1).max(max).safeParse(texts);
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: `must be ${words}, at most ${max}, separated by commas` });
      return z.NEVER;
    })
    .meta({ description: `${words}, separated by commas` });

/** Of text that may hold commas itself: the parameter is said again for each. */
export const repeated = (item: z.ZodType<string>, max = 20) =>
  z
    .union([item, z.array(item).min(1).max(max)])
    .transform((said): readonly string[] => [said].flat())
    .meta({ description: 'said again for each' });
