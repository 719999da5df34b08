import { migrate } from '@tocsin/database';
import type { Database } from '../wiring.js';
import { authTables } from './auth-0001.js';
import { people } from './auth-0002.js';
import { chainedTrail } from './auth-0003.js';
import { configTables } from './config-0001.js';
import { jobsThatRun } from './config-0002.js';
import { monitorsByName } from './config-0003.js';
import { whereChangesCameFrom } from './config-0004.js';
import { ownedByFiles } from './config-0005.js';
import { webhookSubscriptions } from './config-0006.js';

/** @returns names of what was applied now */
export async function migrateApi(db: Database): Promise<string[]> {
  return [
    ...(await migrate(db, 'config', [
      configTables,
      jobsThatRun,
      monitorsByName,
      whereChangesCameFrom,
      ownedByFiles,
      webhookSubscriptions,
    ])),
    ...(await migrate(db, 'auth', [authTables, people, chainedTrail])),
  ];
}
