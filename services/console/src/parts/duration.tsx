import { durationText, percentText } from './amounts.js';

/** A length of time; the milliseconds on hover. */
export function Duration({ ms }: { readonly ms: number | null | undefined }) {
  if (ms === null || ms === undefined) return <span>—</span>;
  return (
    <span title={`${Math.round(ms)} ms`} style={{ whiteSpace: 'nowrap' }}>
      {durationText(ms)}
    </span>
  );
}

/** A share of checks; `—` when none counted. */
export function Uptime({ percent }: { readonly percent: number | null | undefined }) {
  const value = percent ?? null;
  const title = value === null ? 'no check counted yet' : `${value} %`;
  return (
    <span title={title} style={{ whiteSpace: 'nowrap' }}>
      {percentText(value)}
    </span>
  );
}
