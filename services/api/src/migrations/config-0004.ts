import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

/** The log goes to every service and is kept for ever: an address of a network is not for it. */
export const whereChangesCameFrom: Migration = {
  name: '0004_where_changes_came_from',
  async up(tx) {
    await sql`create table config.event_origin (event_id uuid primary key, network text not null)`.execute(
      tx,
    );
    await sql`create index event_by_time on config.event (time desc, id desc)`.execute(tx);
  },
};
