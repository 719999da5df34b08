import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processes } from './proc.store.js';
import { SLOTS } from './settings.js';
import { lockUser } from './slot-lock.socket.js';

/** A user id that one test has for itself: what runs under it belongs to the test. */
export interface Slot {
  readonly uid: number;
  readonly release: () => void;
}

const taken = new Set<number>();

/** @param endAll ends everything of a user id: what an executor left when it was killed. undefined: none is free */
export async function takeSlot(
  firstUid: number,
  endAll: (uid: number) => Promise<void>,
): Promise<Slot | undefined> {
  for (let uid = firstUid; uid < firstUid + SLOTS; uid += 1) {
    if (taken.has(uid)) continue;
    taken.add(uid);
    if (await claim(uid, endAll)) return { uid, release: () => taken.delete(uid) };
    taken.delete(uid);
  }
  return undefined;
}

/** Ends what executors that were killed have left running. */
export async function clearAbandonedSlots(endAll: (uid: number) => Promise<void>): Promise<void> {
  for (const uid of readdirSync(recordFolder()).map(Number)) {
    if (taken.has(uid)) continue;
    taken.add(uid);
    await claim(uid, endAll);
    taken.delete(uid);
  }
}

async function claim(uid: number, endAll: (uid: number) => Promise<void>): Promise<boolean> {
  if (!(await lockUser(uid))) return false;
  const record = join(recordFolder(), String(uid));
  if (isInUse(uid)) {
    // Whoever got this id from somewhere else has nothing to do with us.
    if (!existsSync(record)) return false;
    await endAll(uid);
  }
  writeFileSync(record, '');
  return !isInUse(uid);
}

const isInUse = (uid: number) => processes().some((process) => process.uid === uid);

/** Names the ids that tests have had; root alone writes there. */
function recordFolder(): string {
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
  throw new Error('no folder to keep the users of tests in: make /run or the temporary folder writable');
}
