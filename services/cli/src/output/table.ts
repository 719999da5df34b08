import Table from 'cli-table3';
import { printable } from './printable.js';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | number | boolean | null | undefined;
}

const EDGES = ['top', 'bottom', 'mid'].flatMap((edge) => [
  edge,
  `${edge}-mid`,
  `${edge}-left`,
  `${edge}-right`,
]);
const NO_LINES = {
  ...Object.fromEntries([...EDGES, 'left', 'left-mid', 'right', 'right-mid'].map((name) => [name, ''])),
  middle: '  ',
};

/** Columns as wide as what they hold. Names come from people: nothing in them may steer the terminal. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(columns.map(({ of }) => printable(String(of(row) ?? '-'))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
