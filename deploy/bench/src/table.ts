import { type Expectation, isMet, type Measurement, ratioOf } from './bench.js';

const HEAD = ['', 'what', 'measured', 'raw / peer', 'ratio', 'expected', 'met'];

/** One line per measurement, columns as wide as they have to be. */
export function table(measurements: readonly { bench: string; measurement: Measurement }[]): string {
  const rows = [HEAD, ...measurements.map(({ bench, measurement }) => cells(bench, measurement))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join(
    '\n',
  );
}

function cells(bench: string, measurement: Measurement): string[] {
  const { what, measured, unit, peer, expected } = measurement;
  const ratio = ratioOf(measurement);
  const met = isMet(measurement);
  return [
    bench,
    what,
    `${figure(measured)} ${unit}`,
    peer === undefined ? '' : `${figure(peer.measured)} ${peer.what}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    expected === undefined ? '' : wanted(expected),
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

const wanted = ({ of, atLeast, atMost }: Expectation): string =>
  `${of === 'ratio' ? 'ratio ' : ''}${atLeast === undefined ? `≤ ${figure(atMost ?? Number.NaN)}` : `≥ ${figure(atLeast)}`}`;

/** Three significant digits are what such a measurement is worth; large numbers keep their thousands. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
