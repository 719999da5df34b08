import type { TestInput, TestSummary, TestVersionView, TestView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { Change } from '../changes/config-event.js';
import { type Owned, ownedBy, ownerOf } from '../changes/owner.js';
import type { JobRow, TestRow, TestVersionRow } from '../database.js';

export type TestSummaryRow = Omit<TestRow, 'definition'>;

/** What a caller may set, as columns. */
export const columnsOf = (input: TestInput, before?: Owned) => ({
  name: input.name,
  kind: input.kind,
  definition: input.definition,
  description: input.description ?? null,
  tags: [...input.tags],
  managed_by: ownerOf(input, before),
});

/** What is stored in the form it came in: what a PATCH is merged into. */
export const shownOf = (row: TestRow): JsonObject => ({
  name: row.name,
  kind: row.kind,
  definition: row.definition,
  ...(row.description === null ? {} : { description: row.description }),
  tags: row.tags,
  ...ownedBy(row),
});

export const viewOf = (row: TestRow): TestView =>
  ({
    id: row.id,
    ...shownOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }) as TestView;

/** In a list, where a script of 200 kB is nothing to look at. */
export const summaryOf = (row: TestSummaryRow): TestSummary => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  ...(row.description === null ? {} : { description: row.description }),
  tags: row.tags,
  ...ownedBy(row),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  revision: row.revision,
});

export const configuredOf = (row: TestRow): Change<'TestConfigured'> => ({
  testId: row.id,
  revision: row.revision,
  name: row.name,
  kind: row.kind,
  definition: row.definition,
  ...ownedBy(row),
});

export const versionViewOf = (row: TestVersionRow): TestVersionView => ({
  revision: row.revision,
  name: row.name,
  definition: row.definition,
  changedAt: row.changed_at,
  changedBy: row.changed_by,
});

/** A job with nothing left to run has no cron either: it is one that runs elsewhere and is reported. */
export function withoutTest({ tests, cron }: JobRow, id: string): Pick<JobRow, 'tests' | 'cron'> {
  const left = tests.filter((test) => test !== id);
  return { tests: left, cron: left.length === 0 ? null : cron };
}
