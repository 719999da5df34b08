import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAbandoned, ownTag } from './owner.process.js';
import { processes } from './proc.store.js';
import { SLOTS } from './settings.js';

/** A user id that one test has for itself: what runs under it belongs to the test. */
export interface Slot {
  readonly uid: number;
  release(): void;
}

/** Locked by this process until it ends: the lock names it, so nobody has to unlock. */
const locked = new Set<number>();
const taken = new Set<number>();

/** @param endAll ends everything of a user id that an executor left when it was killed. undefined: none is free */
export async function takeSlot(
  firstUid: number,
  endAll: (uid: number) => Promise<void>,
): Promise<Slot | undefined> {
  for (let uid = firstUid; uid < firstUid + SLOTS; uid += 1) {
    if (taken.has(uid)) continue;
    taken.add(uid);
    if (await lock(uid, endAll)) return { uid, release: () => taken.delete(uid) };
    taken.delete(uid);
  }
  return undefined;
}

async function lock(uid: number, endAll: (uid: number) => Promise<void>): Promise<boolean> {
  if (locked.has(uid)) return true;
  const path = join(lockFolder(), String(uid));
  const owner = ownerOf(path);
  if (owner !== undefined && !isAbandoned(owner)) return false;
  if (owner !== undefined) {
    await endAll(uid);
    rmSync(path, { force: true });
  }
  // Whoever uses this id did not get it from us, and what we do not know we do not touch.
  if (processes().some((process) => process.uid === uid)) return false;
  try {
    writeFileSync(path, ownTag(), { flag: 'wx', mode: 0o600 });
  } catch {
    return false;
  }
  locked.add(uid);
  return true;
}

/** Ends what executors that were killed have left running under ids that nobody may be given again for a while. */
export async function clearAbandonedSlots(endAll: (uid: number) => Promise<void>): Promise<void> {
  const folder = lockFolder();
  for (const name of readdirSync(folder)) {
    const owner = ownerOf(join(folder, name));
    if (owner === undefined || !isAbandoned(owner)) continue;
    await endAll(Number(name));
    rmSync(join(folder, name), { force: true });
  }
}

const ownerOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Only root writes there; in a folder of everyone's, only when root made it. */
function lockFolder(): string {
  for (const parent of ['/run', tmpdir()]) {
    const folder = join(parent, 'tocsin-tests');
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch {
      // There already, or read-only: the look below tells.
    }
    try {
      const found = lstatSync(folder);
      if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return folder;
    } catch {
      // The next one.
    }
  }
  throw new Error('no folder for the locks of test users: make /run or the temporary folder writable');
}
