import { readFileSync, readlinkSync } from 'node:fs';

/**
 * A name for this process that no other ever has: what it leaves behind when it is killed is told from what another
 * executor on the same machine is using now.
 */
export const ownTag = (): string => `${pidNamespace()}-${process.pid}-${startTicks(process.pid) ?? 0}`;

/** Whether what carries the tag was left behind. What another pid namespace made cannot be judged from here. */
export function isAbandoned(tag: string): boolean {
  const [namespace, pid, ticks] = tag.split('-');
  if (namespace !== pidNamespace()) return false;
  return startTicks(Number(pid)) !== Number(ticks);
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** When a process began, in ticks since the machine did; undefined when it is gone. */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}
