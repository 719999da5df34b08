import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { lstat, opendir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestFolders } from './envelope.js';
import type { Identity, Machine } from './machine.process.js';
import { isAbandoned, ownTag } from './owner.process.js';
import { CONFIG_FILE, SCRIPT_FILE } from './playwright-config.js';

const PREFIX = 'tocsin-test-';

export interface Folders extends TestFolders {
  /** what is kept of a test: the test itself cannot get there */
  readonly kept: string;
  readonly remove: () => Promise<void>;
}

export function makeFolders(
  content: { readonly script: string; readonly config: string },
  machine: Machine,
  identity: Identity | undefined,
  parent = tmpdir(),
): Folders {
  const base = mkdtempSync(join(parent, `${PREFIX}${ownTag()}-`));
  chmodSync(base, 0o711);
  const [work, etc, kept] = [join(base, 'work'), join(base, 'etc'), join(base, 'kept')];
  const owned: string[] = [];
  const folder = (path: string) => {
    mkdirSync(path, { mode: 0o700 });
    owned.push(path);
  };
  const file = (path: string, text: string) => {
    writeFileSync(path, text, { mode: 0o600 });
    owned.push(path);
  };

  mkdirSync(kept, { mode: 0o700 });
  mkdirSync(etc, { mode: 0o755 });
  const { uid, gid } = identity ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  writeFileSync(join(etc, 'passwd'), `root:x:0:0::/:/bin/false\ntest:x:${uid}:${gid}::/test/home:/bin/sh\n`);
  writeFileSync(join(etc, 'group'), `root:x:0:\ntest:x:${gid}:\n`);

  folder(work);
  for (const name of ['home', 'tmp', 'shm']) folder(join(work, name));
  file(join(work, SCRIPT_FILE), content.script);
  file(join(work, CONFIG_FILE), content.config);
  for (const path of machine.packages) link(path, join(work, 'node_modules', packageName(path)));
  linkBrowsers(join(work, 'browsers'), machine);
  if (identity !== undefined) for (const path of owned) chownSync(path, identity.uid, identity.gid);
  return { work, etc, kept, remove: () => remove(base) };
}

const packageName = (path: string) =>
  basename(dirname(path)).startsWith('@') ? join(basename(dirname(path)), basename(path)) : basename(path);

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** Where Playwright looks when a script launches a browser by itself instead of asking for a page. */
function linkBrowsers(folder: string, { chromium, ffmpeg, revisions }: Machine): void {
  mkdirSync(folder);
  if (chromium === undefined || revisions === undefined) return;
  const arch = process.arch === 'arm64' ? 'linux-arm64' : 'linux64';
  link(chromium, join(folder, `chromium-${revisions.chromium}`, `chrome-${arch}`, 'chrome'));
  const shell = `chrome-headless-shell-${arch}`;
  link(
    chromium,
    join(folder, `chromium_headless_shell-${revisions.chromium}`, shell, 'chrome-headless-shell'),
  );
  if (ffmpeg !== undefined) link(ffmpeg, join(folder, `ffmpeg-${revisions.ffmpeg}`, 'ffmpeg-linux'));
}

/** How much is in folders, links not followed; undefined: more entries than that, or too deep to be walked. */
export async function usage(paths: readonly string[], mostEntries: number): Promise<number | undefined> {
  let bytes = 0;
  let entries = 0;
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    try {
      const found = await lstat(path);
      bytes += found.blocks * 512;
      if (!found.isDirectory()) continue;
      for await (const entry of await opendir(path)) {
        entries += 1;
        if (entries > mostEntries) return undefined;
        waiting.push(join(path, entry.name));
      }
    } catch (error) {
      // What vanished meanwhile is no longer there to be counted.
      if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') return undefined;
    }
  }
  return bytes;
}

/** What a user left where everyone may write; only of a user that is a test's alone. */
export async function leftOutside(uid: number): Promise<readonly string[]> {
  const shared = [...new Set([tmpdir(), '/tmp', '/var/tmp', '/dev/shm'])];
  const found: string[] = [];
  for (const folder of shared)
    try {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if ((await lstat(path).catch(() => undefined))?.uid === uid) found.push(path);
      }
    } catch {
      // Not on this machine.
    }
  return found;
}

/** `rm` goes where paths are too long for us; a test may also have closed its folders to its own user. */
export async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    const run = promisify(execFile);
    if (process.getuid?.() !== 0) await run('chmod', ['-R', 'u+rwX', '--', path]).catch(() => undefined);
    await run('rm', ['-rf', '--', path]).catch(() => undefined);
  }
}

export async function clearAbandonedFolders(parent = tmpdir()): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const tag = name.slice(PREFIX.length, name.lastIndexOf('-'));
    const path = join(parent, name);
    const owner = (await lstat(path).catch(() => undefined))?.uid;
    if (owner === process.getuid?.() && isAbandoned(tag)) await remove(path);
  }
}
