export interface OverviewRow {
  name: string;
  pid: number | undefined;
  where: string;
}

/** The little table that says what runs where. */
export function overview(rows: OverviewRow[], facts: Record<string, string>): string[] {
  const nameWidth = Math.max(
    ...rows.map((row) => row.name.length),
    ...Object.keys(facts).map((k) => k.length),
  );
  const pidWidth = Math.max(...rows.map((row) => String(row.pid ?? '-').length));
  return [
    ...rows.map(
      ({ name, pid, where }) =>
        `  ${name.padEnd(nameWidth)}  ${String(pid ?? '-').padStart(pidWidth)}  ${where}`,
    ),
    ...Object.entries(facts).map(([name, value]) => `  ${name.padEnd(nameWidth)}  ${value}`),
  ];
}
