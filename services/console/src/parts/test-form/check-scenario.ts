import { testInput } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import type { CodeProblem } from '../code-editor/code-mirror.js';
import { firstError, lineOf, placeOf } from './json-places.js';

export interface PlacedProblem extends CodeProblem {
  readonly line: number;
  /** `steps.0.url`; empty for the text as a whole */
  readonly field: string;
}

export type Checked =
  | { readonly definition: JsonObject; readonly problems: readonly [] }
  | { readonly definition?: undefined; readonly problems: readonly PlacedProblem[] };

/** A scenario as text, against the schema of the api: what is wrong with it, and where. */
export function checkScenario(text: string): Checked {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    const place = firstError(text);
    return {
      problems: [
        { ...place, line: lineOf(text, place), field: '', message: 'this is not JSON from here on' },
      ],
    };
  }
  const parsed = testInput.safeParse({ name: 'name', kind: 'api', definition: value });
  if (parsed.success) return { definition: value as JsonObject, problems: [] };
  return {
    problems: parsed.error.issues
      .flatMap((issue) => leavesOf(issue))
      .map(({ path, message }) => {
        const inner = path.slice(1);
        const place = placeOf(text, inner);
        return { ...place, line: lineOf(text, place), field: inner.map(String).join('.'), message };
      }),
  };
}

interface Leaf {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function leavesOf(issue: z.core.$ZodIssue): readonly Leaf[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
  return [{ path: issue.path, message: issue.message }];
}
