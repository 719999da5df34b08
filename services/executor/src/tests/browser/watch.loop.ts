import type { Cgroup } from './cgroup.store.js';
import type { TestFolders } from './envelope.js';
import type { Family } from './family.process.js';
import { leftOutside, usage } from './folders.store.js';
import type { Identity } from './machine.process.js';
import { pssBytes } from './proc.store.js';
import type { ScriptLimits } from './settings.js';

/** Why a script was ended. */
export type Stop = 'timeout' | 'cancelled' | 'memory_limit' | 'process_limit' | 'disk_limit' | 'output_limit';

export interface Watch {
  /** the first reason there is */
  readonly stopped: Promise<Stop>;
  /** @returns whether it is within what is shown */
  said(bytes: number): boolean;
  end(): void;
}

export interface WatchOptions {
  readonly family: Family;
  readonly cgroup: Cgroup | undefined;
  readonly limits: ScriptLimits;
  readonly folders: TestFolders;
  readonly identity: Identity | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 250;
/** A folder is walked that much less often. */
const LOOKS_PER_WALK = 2;
/** of what is shown; beyond it nobody is debugging any more */
const TOO_MUCH_OUTPUT = 10;

export function watchFamily({
  family,
  limits,
  folders,
  identity,
  timeoutMs,
  signal,
  cgroup,
}: WatchOptions): Watch {
  let stop: (why: Stop) => void = () => undefined;
  const stopped = new Promise<Stop>((resolve) => {
    stop = resolve;
  });
  const onAbort = () => stop('cancelled');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => stop('timeout'), timeoutMs);

  let looks = 0;
  let walking = false;
  const looking = setInterval(() => {
    const overstepped = oversteppedNow(family, limits);
    if (overstepped !== undefined) stop(overstepped);
    else if (cgroup?.outOfMemory() === true) stop('memory_limit');
    looks += 1;
    if (walking || looks % LOOKS_PER_WALK !== 0) return;
    walking = true;
    void isDiskFull(folders, identity, limits)
      .then((full) => full && stop('disk_limit'))
      .finally(() => {
        walking = false;
      });
  }, LOOK_EVERY_MS);

  let output = 0;
  return {
    stopped,
    said(bytes) {
      output += bytes;
      if (output > limits.outputBytes * TOO_MUCH_OUTPUT) stop('output_limit');
      return output <= limits.outputBytes * TOO_MUCH_OUTPUT;
    },
    end() {
      clearInterval(looking);
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function oversteppedNow(family: Family, limits: ScriptLimits): Stop | undefined {
  const members = family.members();
  if (members.length > limits.processes) return 'process_limit';
  const resident = members.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  // Pages that Chromium's processes share are in each of them: counted properly only when it matters.
  if (resident <= limits.memoryBytes) return undefined;
  const used = members.reduce((sum, member) => sum + pssBytes(member), 0);
  return used > limits.memoryBytes ? 'memory_limit' : undefined;
}

async function isDiskFull(folders: TestFolders, identity: Identity | undefined, limits: ScriptLimits) {
  const outside = identity === undefined ? [] : await leftOutside(identity.uid);
  const bytes = await usage([folders.work, ...outside], limits.files);
  return bytes === undefined || bytes > limits.diskBytes;
}
