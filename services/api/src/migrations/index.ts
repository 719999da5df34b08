import { migrate } from '@tocsin/database';
import type { Database } from '../wiring.js';
import { authTables } from './auth-0001.js';
import { configTables } from './config-0001.js';
import { jobsThatRun } from './config-0002.js';

/** @returns names of what was applied now */
export async function migrateApi(db: Database): Promise<string[]> {
  return [
    ...(await migrate(db, 'config', [configTables, jobsThatRun])),
    ...(await migrate(db, 'auth', [authTables])),
  ];
}
