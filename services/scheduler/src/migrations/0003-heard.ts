import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

export const heard: Migration = {
  name: '0003_heard',
  async up(tx) {
    // What was known of heartbeats when the schedules were last emptied. RESULTS forgets within a week, and a heartbeat
    // may come once a month: a rebuild that did not hear it again would report a miss that is none.
    await sql`create table scheduler.heard (
      monitor_id uuid primary key,
      revision int4 not null,
      enabled_at timestamptz not null,
      last_received_at timestamptz,
      deadline_at timestamptz not null
    )`.execute(tx);
  },
};
