import { z } from 'zod';
import { id, instant, instantInput } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const targetType = z.enum(['monitor', 'job']);
const status = z.enum(['sent', 'failed', 'pending']);

/** One row per alert event and provider, with the columns users of the replaced product know. */
export const alertHistoryRow = z
  .object({
    id,
    message: z.string(),
    type: z.string().meta({ example: 'monitor_failure' }),
    target: z.string(),
    targetType,
    monitorId: id.nullable(),
    jobId: id.nullable(),
    provider: z.string(),
    status,
    sentAt: instant,
    errorMessage: z.string().nullable(),
  })
  .meta({ id: 'AlertHistoryRow' });

export const alertHistoryQuery = z.strictObject({
  ...pageQuery,
  targetId: id.optional(),
  targetType: targetType.optional(),
  status: status.optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
});
export const alertHistoryPage = pageOf(alertHistoryRow);
export const alertHistoryCursor = cursorFor('alert-history', z.tuple([instant, id]));

export type AlertHistoryRow = z.output<typeof alertHistoryRow>;
