import { z } from 'zod';
import { id, instant } from './ids.js';
import { ms, outcome } from './results.js';
import { severalOf } from './several.js';

export const BAR_CHECKS = 100;

const checks = z.coerce.number().int().min(1).max(BAR_CHECKS).default(BAR_CHECKS);

/** The last checks of a monitor at all its locations, oldest first: what an availability bar is drawn from. */
export const monitorBar = z
  .object({
    monitorId: id,
    checks: z.array(z.object({ slot: instant, outcome, latencyMs: ms, location: z.string() })),
  })
  .meta({ id: 'MonitorBar' });

export const monitorBarQuery = z.strictObject({ checks });
/** Ids of nobody are left out of the answer. */
export const monitorBarsQuery = z.strictObject({ ids: severalOf(id, 'ids of monitors'), checks });
export const monitorBars = z.object({ items: z.array(monitorBar) }).meta({ id: 'MonitorBars' });

export type MonitorBar = z.output<typeof monitorBar>;
export type MonitorBars = z.output<typeof monitorBars>;
