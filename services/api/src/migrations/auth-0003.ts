import { createTrail } from '@tocsin/audit';
import type { Migration } from '@tocsin/database';

/** What the log does not hold of the audit trail is chained as well: that a row is gone shows. */
export const chainedTrail: Migration = { name: '0003_chained_trail', up: createTrail };
