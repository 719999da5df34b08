import { durationMs } from './duration.js';

export interface Condition {
  readonly left: string;
  readonly is: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly right: string;
}

/** Undefined when it is none: Gatus splits at the first of these with blanks around it. */
export function parseCondition(text: string): Condition | undefined {
  for (const is of ['==', '!=', '<=', '>=', '>', '<'] as const) {
    const [left, right] = text.split(` ${is} `);
    if (left !== undefined && right !== undefined) return { left: left.trim(), is, right: right.trim() };
  }
  return undefined;
}

/** What the right side of an equation allows: one value, several of `any(…)`, or undefined for a pattern. */
export function valuesOf(right: string): string[] | undefined {
  if (/^pat\(.*\)$/.test(right)) return undefined;
  const inside = /^any\((.*)\)$/.exec(right)?.[1];
  return inside === undefined ? [right] : inside.split(',').map((value) => value.trim());
}

/** `pat(*healthy*)` asks for a piece of text; undefined for every other pattern. */
export const pieceOf = (right: string): string | undefined => /^pat\(\*([^*?[\]\\]+)\*\)$/.exec(right)?.[1];

const STATUSES = Array.from({ length: 500 }, (_, index) => index + 100);

/** The status codes that conditions leave, as a list of ranges; undefined when one of them cannot be told. */
export function statusCodesOf(conditions: readonly Condition[]): string | undefined {
  let allowed = STATUSES;
  for (const condition of conditions) {
    const allows = statusTest(condition);
    if (allows === undefined) return undefined;
    allowed = allowed.filter(allows);
  }
  return allowed.length === 0 ? undefined : rangesOf(allowed);
}

function statusTest({ is, right }: Condition): ((status: number) => boolean) | undefined {
  const hundred = /^pat\(([1-5])\*\)$/.exec(right)?.[1];
  const values = hundred === undefined ? valuesOf(right)?.map(Number) : undefined;
  if (hundred === undefined && (values === undefined || values.some((value) => !Number.isInteger(value))))
    return undefined;
  const matches = (status: number) =>
    hundred === undefined ? values?.includes(status) === true : String(status).startsWith(hundred);
  const [value = Number.NaN] = values ?? [];
  const tests: Readonly<Record<Condition['is'], (status: number) => boolean>> = {
    '==': matches,
    '!=': (status) => !matches(status),
    '<': (status) => status < value,
    '<=': (status) => status <= value,
    '>': (status) => status > value,
    '>=': (status) => status >= value,
  };
  return tests[is];
}

function rangesOf(statuses: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const status of statuses) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === status - 1) last[1] = status;
    else ranges.push([status, status]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** The most milliseconds an answer may take. */
export function atMostMs({ is, right }: Condition): number | undefined {
  const ms = durationMs(right) ?? (/^\d+$/.test(right) ? Number(right) : undefined);
  if (ms === undefined) return undefined;
  if (is === '<') return ms - 1;
  return is === '<=' ? ms : undefined;
}

const DAY_MS = 86_400_000;

/** With how many days left a certificate is told of. */
export function expiryDays({ is, right }: Condition): number | undefined {
  const ms = durationMs(right) ?? (/^\d+$/.test(right) ? Number(right) : undefined);
  return ms === undefined || !is.startsWith('>')
    ? undefined
    : Math.min(365, Math.max(1, Math.ceil(ms / DAY_MS)));
}

/** `[BODY].a.b[0]` as a JSONPath; undefined when it is something else. */
export const bodyPath = (left: string): string | undefined => {
  const path = /^\[BODY\]((?:\.[\w-]+|\[\d+\])+)$/i.exec(left)?.[1];
  return path === undefined ? undefined : `$${path.replaceAll(/\.([\w-]*-[\w-]*|\d[\w-]*)/g, "['$1']")}`;
};
