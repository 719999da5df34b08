/** What a figure is held against: the figure itself, or its ratio to the peer measured in the same run. */
export interface Expectation {
  readonly of: 'measured' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Measurement {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** the bare thing next to it, in the same unit and the same run */
  readonly peer?: { readonly what: string; readonly measured: number };
  readonly expected?: Expectation;
  /** one sentence: under what conditions, and what limits it */
  readonly note?: string;
  /** whatever explains the figure: for the JSON file */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Bench {
  /** what `npm run bench -- <name>` asks for */
  readonly name: string;
  readonly title: string;
  readonly run: (say: (line: string) => void) => Promise<readonly Measurement[]>;
}

export const ratioOf = ({ measured, peer }: Measurement): number | undefined =>
  peer === undefined || peer.measured === 0 ? undefined : measured / peer.measured;

/** `undefined` where nothing was promised. */
export function isMet(measurement: Measurement): boolean | undefined {
  const { expected } = measurement;
  if (expected === undefined) return undefined;
  const value = expected.of === 'measured' ? measurement.measured : ratioOf(measurement);
  if (value === undefined || Number.isNaN(value)) return false;
  return value >= (expected.atLeast ?? -Infinity) && value <= (expected.atMost ?? Infinity);
}
