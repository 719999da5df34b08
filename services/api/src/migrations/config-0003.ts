import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

/** Monitors are looked through by name more than by anything else. */
export const monitorsByName: Migration = {
  name: '0003_monitors_by_name',
  async up(tx) {
    await sql`create index monitors_by_name on config.monitors (project, lower(name), id)`.execute(tx);
  },
};
