import { InvalidArgumentError } from 'commander';

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1.');
  return Number(text);
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `2026-01-31`, `2026-01-31T08:00:00Z`, or how long ago: `90s`, `15m`, `6h`, `7d`. @returns an instant of the api */
export function instantOption(text: string): string {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago !== null) {
    const unit = UNITS[ago[2] as keyof typeof UNITS];
    return new Date(Date.now() - Number(ago[1]) * unit).toISOString();
  }
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError(
      'must be an instant like 2026-01-31T08:00:00Z, or an age like 15m, 6h or 7d.',
    );
  return at.toISOString();
}

export function oneOf<Value extends string>(values: readonly Value[]) {
  return (text: string): Value => {
    const value = values.find((known) => known === text);
    if (value === undefined) throw new InvalidArgumentError(`must be one of ${values.join(', ')}.`);
    return value;
  };
}
