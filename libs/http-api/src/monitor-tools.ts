import { z } from 'zod';
import { id, token } from './ids.js';
import { kind } from './monitors.js';

/**
 * One check now, of settings that need not be saved; nothing of it is recorded. Checked here for its shape, then as
 * `monitorInput`, because target and settings depend on the type.
 */
export const monitorTestInput = z
  .strictObject({
    id: id.optional().meta({ description: 'a monitor whose stored secrets stand for the masks in `config`' }),
    type: kind,
    target: z.string().trim().max(2_048).default(''),
    config: z.record(z.string(), z.json()).prefault({}),
    location: token.default('local'),
  })
  .meta({ id: 'MonitorTest' });

export const BULK_MAX = 500;

export const monitorBulkInput = z
  .strictObject({
    action: z.enum(['pause', 'resume', 'delete']),
    ids: z.array(id).min(1).max(BULK_MAX),
  })
  .meta({ id: 'MonitorBulk' });

/** `unchanged`: it was so before. `failed`: not tried to the end; ask again. */
export const bulkOutcome = z.enum(['done', 'unchanged', 'not_found', 'failed']);
export const monitorBulkAnswer = z
  .object({ items: z.array(z.object({ id, outcome: bulkOutcome })) })
  .meta({ id: 'MonitorBulkAnswer' });

export type MonitorTestInput = z.output<typeof monitorTestInput>;
export type MonitorBulkInput = z.output<typeof monitorBulkInput>;
export type MonitorBulkAnswer = z.output<typeof monitorBulkAnswer>;
