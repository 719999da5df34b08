import type { AuditedStream } from './chained-table.js';

export type Place = 'table' | 'stream' | 'export' | 'checkpoint' | 'decisions' | 'trail';

export type DifferenceKind =
  /** a row is not what its hash was made of */
  | 'altered'
  /** it was there and is not any more */
  | 'deleted'
  /** it is in one place alone */
  | 'inserted'
  /** the end is missing */
  | 'truncated'
  /** the rules do not give it, or the evidence does not bear it out */
  | 'not_decided'
  /** the rules give it, and the log has it not */
  | 'missing'
  /** it is no event of its stream */
  | 'invalid';

/** Something that is not as it was written, and where. What is not known is absent. */
export interface Difference {
  readonly place: Place;
  readonly kind: DifferenceKind;
  readonly stream: AuditedStream;
  readonly chain?: string | undefined;
  /** in the chain */
  readonly position?: number | undefined;
  /** in the stream */
  readonly sequence?: number | undefined;
  readonly eventId?: string | undefined;
  readonly targetId?: string | undefined;
  readonly field?: string | undefined;
  readonly expected?: unknown;
  readonly found?: unknown;
  /** what was found, for a person */
  readonly sentence: string;
}

const NAMES: Record<Place, string> = {
  table: 'the table',
  stream: 'the stream',
  export: 'the export',
  checkpoint: 'the checkpoint',
  decisions: 'the decisions',
  trail: 'the audit trail',
};

/** Where it is, in one line. */
export function whereIs({ place, stream, chain, position, sequence, eventId }: Difference): string {
  return [
    `${stream} in ${NAMES[place]}`,
    chain === undefined ? '' : `chain ${chain}`,
    position === undefined ? '' : `position ${position}`,
    sequence === undefined ? '' : `sequence ${sequence}`,
    eventId === undefined ? '' : `event ${eventId}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
