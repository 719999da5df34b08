import { id } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import { z } from 'zod';
import type { TestRow, VariableRow } from '../database.js';

export const question = z.object({
  project: z.string().min(1).max(100),
  testId: id,
  /** absent: a monitor runs it */
  runId: id.optional(),
  /** whose run it is: one of a job that was deleted is not wanted any more */
  jobId: id.optional(),
});
export type Question = z.output<typeof question>;

/** All that is needed to run a test. */
export interface Material {
  readonly test: Pick<TestRow, 'id' | 'revision' | 'name' | 'kind'> & { readonly definition: JsonObject };
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** `not_found`: and never again; `cancelled`: the run is to end; `unavailable`: ask later */
export interface Refusal {
  readonly error: { readonly code: 'not_found' | 'cancelled' | 'unavailable'; readonly message: string };
}

export const refusal = (code: Refusal['error']['code'], message: string): Refusal => ({
  error: { code, message },
});

export const materialOf = (
  { id: testId, revision, name, kind, definition }: TestRow,
  variables: readonly { readonly row: VariableRow; readonly value: string }[],
): Material => {
  const named = (secret: boolean) =>
    Object.fromEntries(
      variables.filter(({ row }) => row.secret === secret).map(({ row, value }) => [row.name, value]),
    );
  return {
    test: { id: testId, revision, name, kind, definition },
    variables: named(false),
    secrets: named(true),
  };
};
