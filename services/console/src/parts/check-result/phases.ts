import type { ResultView } from '@tocsin/http-api';

export const PHASES = ['dns', 'connect', 'tls', 'firstByte', 'rest'] as const;
export type Phase = (typeof PHASES)[number];

export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  dns: 'DNS',
  connect: 'Connect',
  tls: 'TLS',
  firstByte: 'First byte',
  rest: 'Rest',
};

type Timings = ResultView['timings'];

interface Part {
  readonly phase: Phase;
  readonly ms: number;
  /** since the check began */
  readonly fromMs: number;
}

/** The phases of a check one after the other; what is not accounted for is the rest. */
export function phasesOf({ dnsMs, connectMs, tlsMs, firstByteMs, totalMs }: Timings): readonly Part[] {
  const measured: readonly (readonly [Phase, number | undefined])[] = [
    ['dns', dnsMs],
    ['connect', connectMs],
    ['tls', tlsMs],
    ['firstByte', firstByteMs],
  ];
  const parts: Part[] = [];
  let atMs = 0;
  for (const [phase, ms] of measured) {
    if (ms === undefined) continue;
    parts.push({ phase, ms, fromMs: atMs });
    atMs += ms;
  }
  const rest = totalMs - atMs;
  return rest > 0.5 || parts.length === 0
    ? [...parts, { phase: 'rest', ms: Math.max(0, rest), fromMs: atMs }]
    : parts;
}
