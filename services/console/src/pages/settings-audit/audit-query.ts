import { AUDIT_KINDS, type AuditKind } from '@tocsin/http-api';

export interface AuditSearch {
  readonly who?: string | undefined;
  readonly kind?: string | undefined;
  readonly entity?: string | undefined;
  /** days of the reader: `2026-01-31` */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the address asks for, as the api takes it; what it would refuse is left out, for an address may be typed. */
export function auditQueryOf({ who, kind, entity, from, to }: AuditSearch) {
  return {
    actor: who,
    kind: AUDIT_KINDS.find((each): each is AuditKind => each === kind),
    entityId: entity !== undefined && /^[0-9a-f-]{36}$/i.test(entity) ? entity : undefined,
    from: dayStart(from, 0),
    to: dayStart(to, 1),
  };
}

/** Midnight of a day in the reader's zone, or of one after it; `to` is the whole of its day. */
function dayStart(day: string | undefined, later: number): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}
