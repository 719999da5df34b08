/** Days from now, as the choices of a select. */
export const EXPIRIES = [
  { value: '7', label: 'in 7 days' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: 'never', label: 'never' },
] as const;
export type Expiry = (typeof EXPIRIES)[number]['value'];

const DAY_MS = 86_400_000;

/** undefined: never */
export const expiryOf = (expiry: Expiry, nowMs: number): string | undefined =>
  expiry === 'never' ? undefined : new Date(nowMs + Number(expiry) * DAY_MS).toISOString();
