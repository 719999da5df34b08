import type { Migration } from '@tocsin/database';
import { results } from './0001_results.js';

export const MIGRATIONS: readonly Migration[] = [results];
