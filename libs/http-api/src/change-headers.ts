import { z } from 'zod';

export const MAX_CAUSE = 100;

/** Printable Latin-1, which is what a header can hold. */
export const cause = z
  .string()
  .regex(/^[\x20-\x7e\xa0-\xff]+$/, 'must be printable Latin-1 text')
  .max(MAX_CAUSE);

export const causeHeader = z.object({
  'tocsin-cause': cause
    .optional()
    .meta({ description: 'what the change is part of: shown in the audit trail, and filtered by there' }),
});

export const dryRunHeader = z.object({
  'tocsin-dry-run': z.literal('true').optional().meta({
    description: 'nothing is changed: the answer, its revision included, is what it would be',
  }),
});
