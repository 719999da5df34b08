import { z } from 'zod';

const texts = z.record(
  z.string(),
  z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]),
);

/** JSON in a text, as a map of texts; undefined when it is something else. */
export function jsonObject(text: string): Record<string, string> | undefined {
  if (text.trim() === '') return {};
  return texts.safeParse(parsedJson(text)).data;
}

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
