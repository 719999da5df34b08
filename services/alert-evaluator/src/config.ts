import { baseConfig, databaseUrl } from '@tocsin/service-kit';
import type { z } from 'zod';

export const evaluatorConfig = baseConfig.extend({ DATABASE_URL: databaseUrl });
export type EvaluatorConfig = z.infer<typeof evaluatorConfig>;
