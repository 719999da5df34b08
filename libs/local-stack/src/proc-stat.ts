/** What `/proc/<pid>/stat` says about whether this is still the process one started. */
export interface ProcStat {
  state: string;
  threads: number;
  /** clock ticks between boot and the start of the process */
  startTicks: string;
}

/** The second field is the command in brackets and may itself hold spaces and brackets, hence the last ")". */
export function parseProcStat(text: string): ProcStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, threads, startTicks] = [fields[0], fields[17], fields[19]];
  if (state === undefined || startTicks === undefined) return undefined;
  return { state, threads: Number(threads), startTicks };
}

/**
 * Dead, only not reaped yet. A killed process whose first thread is done shows the same letter while its other threads
 * still hold its files and ports.
 */
export const isZombie = ({ state, threads }: ProcStat) => state === 'X' || (state === 'Z' && threads <= 1);
