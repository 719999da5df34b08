import type { Migration } from '@tocsin/database';
import { results } from './0001_results.js';
import { run } from './0002_run.js';

export const MIGRATIONS: readonly Migration[] = [results, run];
