import { constants } from 'node:fs';
import { lstat, open, readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ArtifactKind } from '@tocsin/monitoring';
import type { Mask } from '../mask.js';
import type { ArtifactFile } from '../test-runner.js';
import { changeEntries } from './archive.js';
import type { Folders } from './folders.store.js';
import { maskFile } from './mask-file.js';
import { REPORT_FOLDER, RESULTS_FOLDER } from './playwright-config.js';
import { type Attached, finishReport, sumOf } from './report.js';

const FILE_BYTES = 20 * 1024 * 1024;
/** beside the console */
const FILES = 29;
const INLINE_BYTES = 2 * 1024 * 1024;
const DEEPEST = 6;
/** of folders and files, in the folder of results */
const LOOKED_AT = 2_000;

export interface HarvestOptions {
  readonly folders: Folders;
  /** whose files these are */
  readonly uid: number | undefined;
  readonly mask: Mask;
  /** nothing to be masked: archives need not be opened */
  readonly secretless: boolean;
  readonly leaveOut: (sentence: string) => void;
}

/**
 * Takes what a test left behind into a folder of ours: plain files of the test's own user, within bounds, without
 * secrets. What is not such a file is not followed and not opened.
 */
export async function harvest(options: HarvestOptions): Promise<readonly ArtifactFile[]> {
  const { folders, uid, mask, secretless, leaveOut } = options;
  const files: ArtifactFile[] = [];
  const attached = new Map<string, Attached>();
  const names = new Set<string>(['console.txt', 'report/index.html']);
  const keep = async (name: string, type: Type, bytes: Buffer) => {
    const path = join(folders.kept, String(files.length));
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    files.push({ name, ...type, content: { path }, size: bytes.length });
  };

  for (const path of await filesBelow(join(folders.work, RESULTS_FOLDER))) {
    const named = mask.text(basename(path));
    if (files.length >= FILES - 1) {
      leaveOut(`${named} and what came after it are left out: a test keeps ${FILES + 1} files at most`);
      break;
    }
    try {
      const original = await readOwn(path, uid);
      const type = typeOf(named);
      const name = freeName(named, names);
      const bytes = secretless ? original : await withoutSecrets(name, original, type, mask);
      if (bytes.length > FILE_BYTES) throw new Error('it is larger than 20 MiB');
      await keep(name, type, bytes);
      const inline = type.kind === 'screenshot' && bytes.length <= INLINE_BYTES;
      attached.set(sumOf(original), {
        name,
        inline: inline ? { contentType: type.contentType, bytes } : undefined,
      });
    } catch (error) {
      leaveOut(`${named} is left out: ${(error as Error).message}`);
    }
  }

  const report = join(folders.work, REPORT_FOLDER, 'index.html');
  if ((await isFolder(join(folders.work, REPORT_FOLDER))) && (await lstat(report).catch(() => undefined)))
    try {
      const html = await finishReport(await readOwn(report, uid), mask, attached);
      if (html.length > FILE_BYTES) throw new Error('it is larger than 20 MiB');
      await keep('report/index.html', { kind: 'report', contentType: 'text/html; charset=utf-8' }, html);
    } catch (error) {
      leaveOut(`the report is left out: ${(error as Error).message}`);
    }
  return files;
}

/** A file of the script's own making, read whole. @throws Error saying why it is not */
export async function readOwn(path: string, uid: number | undefined): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(
        error.code === 'ELOOP' ? 'it is a link' : `it cannot be read (${error.code ?? 'unknown'})`,
      );
    },
  );
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('it is no file');
    // A second name for somebody else's file.
    if (found.nlink !== 1 || (uid !== undefined && found.uid !== uid)) throw new Error('it is a link');
    if (found.size > FILE_BYTES) throw new Error('it is larger than 20 MiB');
    const bytes = Buffer.alloc(found.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  let looked = 0;
  const walk = async (path: string, depth: number): Promise<void> => {
    if (depth > DEEPEST || !(await isFolder(path))) return;
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      looked += 1;
      if (looked > LOOKED_AT) return;
      // Those of Playwright's own, half written when it was stopped.
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await walk(join(path, entry.name), depth + 1);
      else found.push(join(path, entry.name));
    }
  };
  await walk(folder, 0);
  return found;
}

const isFolder = async (path: string) => (await lstat(path).catch(() => undefined))?.isDirectory() === true;

interface Type {
  readonly kind: ArtifactKind;
  readonly contentType: string;
}

const TYPES: Readonly<Record<string, Type>> = {
  '.png': { kind: 'screenshot', contentType: 'image/png' },
  '.jpg': { kind: 'screenshot', contentType: 'image/jpeg' },
  '.jpeg': { kind: 'screenshot', contentType: 'image/jpeg' },
  '.webm': { kind: 'video', contentType: 'video/webm' },
  '.zip': { kind: 'other', contentType: 'application/zip' },
  '.json': { kind: 'other', contentType: 'application/json' },
  '.txt': { kind: 'other', contentType: 'text/plain; charset=utf-8' },
  '.md': { kind: 'other', contentType: 'text/markdown; charset=utf-8' },
};

/** Of a name the test chose: never one that a browser would run. */
const typeOf = (name: string): Type =>
  name === 'trace.zip'
    ? { kind: 'trace', contentType: 'application/zip' }
    : (TYPES[extname(name).toLowerCase()] ?? { kind: 'other', contentType: 'application/octet-stream' });

async function withoutSecrets(
  name: string,
  bytes: Buffer,
  { kind, contentType }: Type,
  mask: Mask,
): Promise<Buffer> {
  if (kind === 'screenshot' || kind === 'video') return bytes;
  if (contentType !== 'application/zip') return maskFile(name, bytes, mask);
  return changeEntries(bytes, (entry, content) =>
    maskFile(entry, Buffer.from(content.buffer, content.byteOffset, content.byteLength), mask),
  );
}

/** `trace.zip`, `trace-2.zip`: letters, digits and little else, and each of them once. */
function freeName(wanted: string, taken: Set<string>): string {
  const clean =
    wanted
      .replace(/[^A-Za-z0-9._-]+/g, '_')
      .replace(/^\.+/, '')
      .slice(-100) || 'file';
  const suffix = extname(clean);
  const stem = clean.slice(0, clean.length - suffix.length);
  let name = clean;
  for (let n = 2; taken.has(name); n += 1) name = `${stem}-${n}${suffix}`;
  taken.add(name);
  return name;
}
