import type { Migration } from '@tocsin/database';
import { tables } from './0001_tables.js';

export const MIGRATIONS: readonly Migration[] = [tables];
