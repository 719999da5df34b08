import { type ApiDefinition, testKinds } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import { TEST_KINDS, type TestKind } from '@tocsin/monitoring';
import { z } from 'zod';
import { description, flag, id, instant, managedBy, name, tags, token } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';
import { scenarioProblems } from './scenario.js';

export const testKind = z.enum(TEST_KINDS);

/** Of a definition as JSON: an event and an answer to an executor hold it whole. */
const MAX_DEFINITION_BYTES = 256 * 1024;

const inputOf = (kind: TestKind) =>
  z.strictObject({
    name,
    kind: z.literal(kind),
    definition: (testKinds[kind] as z.ZodType<JsonObject, JsonObject>).superRefine((definition, context) => {
      if (new TextEncoder().encode(JSON.stringify(definition)).length > MAX_DEFINITION_BYTES)
        context.addIssue({ code: 'custom', message: `must be at most ${MAX_DEFINITION_BYTES / 1024} KiB` });
      if (kind !== 'api') return;
      for (const { path, message } of scenarioProblems(definition as ApiDefinition))
        context.addIssue({ code: 'custom', path: [...path], message });
    }),
    description: description.optional(),
    tags: tags.default([]),
    managedBy,
  });

/** POST, and PUT of the whole. */
export const testInput = z
  .discriminatedUnion('kind', [inputOf('browser'), inputOf('api')], {
    error: (issue) =>
      issue.code === 'invalid_union' ? `must be one of ${TEST_KINDS.join(', ')}` : undefined,
  })
  .meta({ id: 'TestInput' });

/** Merged by `mergePatch` into what is stored, then parsed as `testInput`. The kind of a test does not change. */
export const testPatch = z
  .strictObject({
    name,
    definition: z.record(z.string(), z.json()),
    description: description.nullable(),
    tags,
    managedBy,
  })
  .partial()
  .meta({ id: 'TestPatch' });

const definition = z.record(z.string(), z.json());

export const testView = z
  .object({
    id,
    name,
    kind: testKind,
    definition,
    description: description.optional(),
    tags,
    managedBy,
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Test' });

/** A test in a list: whoever wants its definition asks for the one. */
export const testSummary = testView.omit({ definition: true }).meta({ id: 'TestSummary' });

export const testListQuery = z.strictObject({
  ...pageQuery,
  kind: testKind.optional(),
  tag: z.string().max(50).optional(),
  search: z.string().max(255).optional(),
  managedBy: token.optional(),
});
export const testPage = pageOf(testSummary);
export const testCursor = cursorFor('tests', z.tuple([id]));

export const testDeleteQuery = z.strictObject({
  force: flag.optional().meta({ description: 'take it out of the jobs that use it' }),
});

export const testUsage = z
  .object({
    jobs: z.array(z.object({ id, name })),
    monitors: z.array(z.object({ id, name })),
  })
  .meta({ id: 'TestUsage' });

/** How a test was: versions are kept for ever. */
export const testVersionView = z
  .object({
    revision: z.int().min(1),
    name,
    definition,
    changedAt: instant,
    changedBy: z.string(),
  })
  .meta({ id: 'TestVersion' });
export const testVersionQuery = z.strictObject(pageQuery);
export const testVersionPage = pageOf(testVersionView);
export const testVersionCursor = cursorFor('test-versions', z.tuple([z.int()]));

export type TestInput = z.output<typeof testInput>;
export type TestPatch = z.output<typeof testPatch>;
export type TestSummary = z.output<typeof testSummary>;
export type TestView = z.output<typeof testView>;
export type TestUsage = z.output<typeof testUsage>;
export type TestVersionView = z.output<typeof testVersionView>;
