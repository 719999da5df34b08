import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { CommandError } from '../errors.js';

/** @throws CommandError when the file is there already or cannot be written */
export async function writeNew(path: string, text: string, mode = 0o600): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode }).catch(cannot('write', path));
}

export async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(cannot('read', path));
}

/** A file line by line, as long as it may be. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const handle = await open(path, 'r').catch(cannot('read', path));
  await handle.close();
  yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

/** A new file that is written line by line. */
export async function createLines(path: string) {
  const file = await open(path, 'wx', 0o600).catch(cannot('write', path));
  const stream = file.createWriteStream({ encoding: 'utf8' });
  // Said to whoever writes next, or closes: a full disk is told, not waited for.
  stream.on('error', () => undefined);
  return {
    async write(line: string): Promise<void> {
      if (stream.errored !== null) cannot('write', path)(stream.errored);
      if (!stream.write(`${line}\n`)) await once(stream, 'drain').catch(cannot('write', path));
    },
    async close(): Promise<void> {
      stream.end();
      await finished(stream).catch(cannot('write', path));
    },
  };
}

export const privateKeyIn = async (path: string): Promise<KeyObject> =>
  keyIn(path, await readText(path), createPrivateKey);
export const publicKeyIn = async (path: string): Promise<KeyObject> =>
  keyIn(path, await readText(path), createPublicKey);

function keyIn(path: string, text: string, read: (text: string) => KeyObject): KeyObject {
  try {
    return read(text);
  } catch {
    throw new CommandError(`${path} holds no key as PEM: make a pair with tocsin checkpoint keygen`);
  }
}

const cannot = (what: string, path: string) => (error: NodeJS.ErrnoException) => {
  const why = error.code === 'EEXIST' ? 'it is there already' : error.message;
  throw new CommandError(`cannot ${what} ${path}: ${why}`);
};
