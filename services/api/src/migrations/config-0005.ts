import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

const OWNED = ['monitors', 'jobs', 'notification_providers', 'tests', 'variables'];

/** What a set of configuration files made is removed when they no longer list it; what is kept by hand never is. */
export const ownedByFiles: Migration = {
  name: '0005_owned_by_files',
  async up(tx) {
    for (const table of OWNED)
      await sql`alter table config.${sql.ref(table)} add column managed_by text`.execute(tx);
  },
};
