import type { Egress } from '@tocsin/egress';
import type { CertificateInfo, CheckError, CheckTimings, MonitorKind, Outcome } from '@tocsin/monitoring';

export interface ProbeInput<Config> {
  /** whose monitor it is */
  readonly project: string;
  readonly target: string;
  readonly config: Config;
  /** for everything this attempt does, milliseconds; the probe keeps to it by itself */
  readonly timeoutMs: number;
  /** fires when the attempt is given up from outside: whatever is still open then must be closed */
  readonly signal: AbortSignal;
  readonly egress: Egress;
}

export interface ProbeResult {
  readonly outcome: Outcome;
  readonly timings: CheckTimings;
  readonly error?: CheckError | undefined;
  /** flat and small: never a body */
  readonly observed: Readonly<Record<string, string | number | boolean>>;
  readonly certificate?: CertificateInfo | undefined;
}

/** One attempt at one kind of check. What it throws is judged by `failureOf`. */
export interface Probe<Config> {
  readonly kind: MonitorKind;
  run(input: ProbeInput<Config>): Promise<ProbeResult>;
}
