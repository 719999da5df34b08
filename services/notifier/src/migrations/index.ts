import type { Migration } from '@tocsin/database';
import { tables } from './0001-tables.js';

export const MIGRATIONS: readonly Migration[] = [tables];
