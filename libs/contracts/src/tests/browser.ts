import { z } from 'zod';

/** A script for `@playwright/test`, run in a process of its own and nowhere else. */
export const browserDefinition = z.strictObject({
  /** one TypeScript or JavaScript module; it may import `@playwright/test` and what Node has */
  script: z
    .string()
    .min(1)
    .max(256 * 1024),
  /** for one attempt at the whole script */
  timeoutSeconds: z.int().min(1).max(3_600).default(300),
});
export type BrowserDefinition = z.output<typeof browserDefinition>;
