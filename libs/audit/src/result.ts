import { type Observation, observationOf } from '@tocsin/alerting';
import type { CheckCompleted, RunCompleted } from '@tocsin/monitoring';

/** A result as it lies in the stream. */
export interface StoredResult {
  readonly body: string;
  /** asked for only where it matters: to read headers costs as much as to decide */
  readonly eventId: () => string;
}

export interface SeenResult {
  readonly targetId: string;
  readonly seen: Observation;
}

/**
 * What the rules make of a message of RESULTS; undefined when they have no use for it. It was decoded and checked by
 * whoever folded it, and what could not be is known: not checked again, for a hundred thousand a second pass here.
 */
export function resultOf({ body, eventId }: StoredResult): SeenResult | undefined {
  const data = JSON.parse(body) as Partial<CheckCompleted & RunCompleted>;
  const isRun = data.status !== undefined && data.runId !== undefined;
  if (!isRun && data.outcome === undefined) return undefined;
  const targetId = isRun ? data.jobId : data.monitorId;
  if (targetId === undefined) return undefined;
  return { targetId, seen: new Seen(observationOf('', data as CheckCompleted | RunCompleted), eventId) };
}

/** One object for each result, and no closures beside the reader's. */
class Seen implements Observation {
  readonly slot;
  readonly finishedAt;
  readonly location;
  readonly outcome;
  readonly error;
  readonly latencyMs;
  readonly result;
  readonly certificate;

  constructor(
    observation: Observation,
    private readonly idOf: () => string,
  ) {
    this.slot = observation.slot;
    this.finishedAt = observation.finishedAt;
    this.location = observation.location;
    this.outcome = observation.outcome;
    this.error = observation.error;
    this.latencyMs = observation.latencyMs;
    this.result = observation.result;
    this.certificate = observation.certificate;
  }

  get eventId(): string {
    return this.idOf();
  }
}
