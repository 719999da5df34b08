import type { Migration } from '@tocsin/database';
import { schedule } from './0001-schedule.js';
import { run } from './0002-run.js';
import { heard } from './0003-heard.js';

export const migrations: readonly Migration[] = [schedule, run, heard];
