/** What `/proc/<pid>/stat` says about whether this is still the process one started. */
export interface ProcStat {
  state: string;
  /** clock ticks between boot and the start of the process */
  startTicks: string;
}

/** The second field is the command in brackets and may itself hold spaces and brackets, hence the last ")". */
export function parseProcStat(text: string): ProcStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}
