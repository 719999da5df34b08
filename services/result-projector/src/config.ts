import { baseConfig, databaseUrl } from '@tocsin/service-kit';
import { z } from 'zod';

const days = (what: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'a whole number of days between 1 and 9999')
    .transform(Number)
    .describe(`days that ${what} are kept`);

export const projectorConfig = baseConfig.extend({
  DATABASE_URL: databaseUrl,
  TOCSIN_RESULTS_RETENTION_DAYS: days('single results').default(7),
  TOCSIN_HOURLY_RETENTION_DAYS: days('hourly figures').default(30),
  TOCSIN_DAILY_RETENTION_DAYS: days('daily figures').default(90),
  TOCSIN_HISTORY_RETENTION_DAYS: days('status changes, job runs and missed slots').default(90),
});
export type ProjectorConfig = z.infer<typeof projectorConfig>;

export interface Retention {
  readonly resultsDays: number;
  readonly hourlyDays: number;
  readonly dailyDays: number;
  readonly historyDays: number;
}

export const retentionOf = (config: ProjectorConfig): Retention => ({
  resultsDays: config.TOCSIN_RESULTS_RETENTION_DAYS,
  hourlyDays: config.TOCSIN_HOURLY_RETENTION_DAYS,
  dailyDays: config.TOCSIN_DAILY_RETENTION_DAYS,
  historyDays: config.TOCSIN_HISTORY_RETENTION_DAYS,
});
