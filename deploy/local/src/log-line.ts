const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Position of a level given as pino's number or as a word; undefined for anything else. */
function rank(level: unknown): number | undefined {
  if (typeof level === 'number') return Math.floor(level / 10) - 1;
  const at = typeof level === 'string' ? levels.indexOf(level.toLowerCase()) : -1;
  return at === -1 ? undefined : at;
}

function levelOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { level?: unknown } | null)?.level;
  } catch {
    return undefined;
  }
}

/**
 * Whether a line of a service's log belongs on the console. What is no log line of ours (a stack, a warning of Node)
 * always does: nobody expected it.
 */
export function isForConsole(line: string, threshold: string): boolean {
  if (line.trim() === '' || threshold === 'silent') return false;
  const level = rank(levelOf(line));
  return level === undefined || level >= (rank(threshold) ?? rank('warn') ?? 0);
}

/** Cuts a stream of chunks into lines; what follows the last line break waits for the rest of its line. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}
