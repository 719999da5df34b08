import { z } from 'zod';

/** What every kind has that goes and looks. */
export const activeFields = (defaultTimeoutSeconds: number) => ({
  /** for one attempt, everything included */
  timeoutSeconds: z.int().min(1).max(120).default(defaultTimeoutSeconds),
  /** further attempts within the same check before a failure is reported */
  retries: z.int().min(0).max(5).default(0),
  retryDelaySeconds: z.int().min(0).max(60).default(1),
});

export const port = z.int().min(1).max(65_535);
