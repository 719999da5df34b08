import type { Migration } from '@tocsin/database';
import { schedule } from './0001-schedule.js';

export const migrations: readonly Migration[] = [schedule];
