/** `840 ms`, `2.4 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h` */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${trimmed(ms / 1_000, 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return pair(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return pair(seconds, 3_600, 'h', 60, 'min');
  return pair(seconds, 86_400, 'd', 3_600, 'h');
}

function pair(seconds: number, size: number, unit: string, restSize: number, restUnit: string): string {
  const whole = Math.floor(seconds / size);
  const rest = Math.floor((seconds % size) / restSize);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}

/** `every 30 s`, `every minute`, `every 5 min` */
export const intervalText = (seconds: number): string =>
  seconds === 60
    ? 'every minute'
    : seconds === 3_600
      ? 'every hour'
      : `every ${durationText(seconds * 1_000)}`;

/**
 * `99.98 %`. Never rounded up to 100, for then it says that nothing was wrong.
 * @param percent null when nothing was counted
 */
export function percentText(percent: number | null): string {
  if (percent === null) return '—';
  if (percent === 100 || percent === 0) return `${percent} %`;
  const shown = Math.floor(percent * 100) / 100;
  return `${shown.toFixed(2)} %`;
}

const NUMBER = new Intl.NumberFormat('en-GB');
export const countText = (count: number): string => NUMBER.format(count);

/** `1 monitor`, `12 monitors` */
export const plural = (count: number, word: string, many = `${word}s`): string =>
  `${countText(count)} ${count === 1 ? word : many}`;

const SIZES = ['B', 'KiB', 'MiB', 'GiB'] as const;

export function sizeText(bytes: number): string {
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${trimmed(bytes / 1_024 ** step, step === 0 ? 0 : 1)} ${SIZES[step] ?? 'B'}`;
}

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** A code as words: `threshold_reached` → `threshold reached` */
export const words = (code: string): string => code.replaceAll('_', ' ');

/** A message of many lines is told whole where it belongs; elsewhere its first one says enough. */
export const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0] ?? '';

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
