import { baseConfig, databaseUrl } from '@tocsin/service-kit';
import type { z } from 'zod';

export const schedulerConfig = baseConfig.extend({ DATABASE_URL: databaseUrl });
export type SchedulerConfig = z.infer<typeof schedulerConfig>;
