/** Design section 8: one schema per owner, one role per service. */
export const SCHEMA_OWNERS = {
  config: 'tocsin_api',
  auth: 'tocsin_api',
  results: 'tocsin_result_projector',
  scheduler: 'tocsin_scheduler',
  evaluator: 'tocsin_alert_evaluator',
  notifier: 'tocsin_notifier',
} as const;
export type Schema = keyof typeof SCHEMA_OWNERS;
export type DatabaseRole = (typeof SCHEMA_OWNERS)[Schema];

export const SCHEMAS = Object.keys(SCHEMA_OWNERS) as Schema[];
export const DATABASE_ROLES: readonly DatabaseRole[] = [...new Set(Object.values(SCHEMA_OWNERS))];

export const schemasOf = (role: DatabaseRole): Schema[] =>
  SCHEMAS.filter((schema) => SCHEMA_OWNERS[schema] === role);

/** What the auditor reads: event tables with their chains, how far they are folded, and the audit trail. No secret is there. */
export const AUDITED_TABLES: Readonly<Partial<Record<Schema, readonly string[]>>> = {
  config: ['event', 'event_chain', 'event_origin'],
  auth: ['change', 'trail', 'trail_head'],
  evaluator: ['event', 'event_chain', 'checkpoint', 'dead_letter'],
  notifier: ['event', 'event_chain', 'checkpoint', 'dead_letter'],
  results: ['checkpoint', 'dead_letter'],
};

/** Others' schemas that a role may look into; what it may read there, the owner's migrations say. */
export const foreignSchemasOf = (role: DatabaseRole): Schema[] => {
  if (role === 'tocsin_api') return SCHEMAS.filter((schema) => SCHEMA_OWNERS[schema] !== role);
  return role === 'tocsin_notifier' ? ['config'] : [];
};
