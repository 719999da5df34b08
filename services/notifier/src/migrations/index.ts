import type { Migration } from '@tocsin/database';
import { tables } from './0001-tables.js';
import { subscriptions } from './0002-subscriptions.js';

export const MIGRATIONS: readonly Migration[] = [tables, subscriptions];
