import { z } from 'zod';
import { id, instant } from './ids.js';

/** What a sender says with its heartbeat is cut to this many characters, never refused. */
export const MAX_HEARTBEAT_MESSAGE = 1_000;

export const heartbeatParams = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{16,128}$/) });

export const heartbeatBody = z.string().meta({
  description: `anything; the first ${MAX_HEARTBEAT_MESSAGE} characters are kept`,
  example: 'backup finished, 12 GB',
});

export const heartbeatAnswer = z
  .object({ ok: z.literal(true), monitorId: id, receivedAt: instant })
  .meta({ id: 'HeartbeatReceived' });
