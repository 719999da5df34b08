import type { STATS_PERIODS } from '@tocsin/http-api';

export type Period = (typeof STATS_PERIODS)[number];

export const PERIODS: readonly { readonly period: Period; readonly words: string }[] = [
  { period: '24h', words: '24 hours' },
  { period: '7d', words: '7 days' },
  { period: '30d', words: '30 days' },
  { period: '90d', words: '90 days' },
];
