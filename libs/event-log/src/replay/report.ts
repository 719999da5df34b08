import type { Instant } from '@tocsin/kernel';
import type { Difference, TableComparison } from './compare.store.js';
import type { SwapOutcome } from './replay.js';

export interface ReplayReport {
  readonly service: string;
  readonly live: string;
  readonly schema?: string;
  readonly at?: Instant;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly events?: number;
  readonly seconds?: number;
  /** RESULTS has forgotten what was before */
  readonly resultsSince?: Instant;
  readonly comparisons?: readonly TableComparison[];
  readonly isSame?: boolean;
  readonly swapped?: SwapOutcome;
  readonly dropped?: boolean;
}

export function printReport(report: ReplayReport, json: boolean, write: (line: string) => void): void {
  if (json) write(JSON.stringify(report));
  else for (const line of linesOf(report)) write(line);
}

/** For a person. */
export function linesOf(report: ReplayReport): string[] {
  const lines: string[] = [];
  const { events, seconds, schema, at, live } = report;
  if (events !== undefined && seconds !== undefined) {
    const rate = seconds > 0 ? `, ${Math.round(events / seconds)} events/s` : '';
    const where = schema === undefined ? `${report.from} and ${report.to}` : schema;
    lines.push(
      `${where}: ${events} events of ${live} folded in ${seconds.toFixed(1)} s${rate}${at === undefined ? '' : `, as of ${at}`}`,
    );
  }
  if (report.resultsSince !== undefined)
    lines.push(
      `RESULTS begins at ${report.resultsSince}: what was folded of results before it cannot be told again. Configuration, ` +
        'alerts and their history are exact all the same; counters, statuses and single results are from then on',
    );
  for (const one of report.comparisons ?? []) lines.push(...linesOfTable(one));
  if (report.isSame !== undefined)
    lines.push(report.isSame ? 'the same, row for row' : 'NOT the same: see above what differs');
  if (report.swapped !== undefined)
    lines.push(
      `${live} is what ${schema} was; what it was is in ${report.swapped.before} (folds waited ` +
        `${Math.round(report.swapped.heldMs)} ms). Remove it with --to-schema ${report.swapped.before} --drop`,
    );
  else if (report.dropped === true) lines.push(`${schema} is removed`);
  return lines;
}

function linesOfTable({
  table,
  rows,
  added,
  removed,
  changed,
  differences,
  isDecisive,
}: TableComparison): string[] {
  const count = `${rows[0]} and ${rows[1]} rows`;
  if (added + removed + changed === 0) return [`${table}: ${count}, the same`];
  const why = isDecisive ? '' : ' (not decisive: RESULTS no longer holds all of it)';
  return [
    `${table}: ${count}: ${added} added, ${removed} removed, ${changed} changed${why}`,
    ...differences.slice(0, 5).map(lineOfDifference),
  ];
}

function lineOfDifference({ key, kind, columns = {} }: Difference): string {
  const name = Object.entries(key)
    .map(([column, value]) => `${column}=${String(value)}`)
    .join(' ');
  const what = Object.entries(columns).map(([column, [a, b]]) => `${column}: ${short(a)} → ${short(b)}`);
  return `  ${kind} ${name}${what.length === 0 ? '' : `  ${what.join('; ')}`}`;
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
};
