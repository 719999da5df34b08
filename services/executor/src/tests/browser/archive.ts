import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AsyncZippable, type Unzipped, unzip, zip } from 'fflate';

/** Small archives can hold what fills a memory: this much is looked at, inside one. */
const MOST_INSIDE = 200 * 1024 * 1024;
const MOST_ENTRIES = 5_000;

/**
 * The archive with each of its entries changed.
 * @throws Error when it cannot be read, or holds more than may be looked at
 */
export async function changeEntries(
  archive: Uint8Array,
  change: (name: string, content: Uint8Array) => Uint8Array,
): Promise<Buffer> {
  const entries = await open(archive);
  const changed: AsyncZippable = {};
  for (const [name, content] of Object.entries(entries)) {
    changed[name] = change(name, content);
    // Checks are waiting for the same thread.
    await nextTurn();
  }
  return new Promise((resolve, reject) => {
    zip(changed, { level: 6 }, (error, bytes) => {
      if (error === null) resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      else reject(error);
    });
  });
}

function open(archive: Uint8Array): Promise<Unzipped> {
  return new Promise((resolve, reject) => {
    let inside = 0;
    let entries = 0;
    let tooMuch = false;
    const filter = ({ originalSize }: { originalSize: number }) => {
      inside += originalSize;
      entries += 1;
      tooMuch ||= inside > MOST_INSIDE || entries > MOST_ENTRIES;
      return !tooMuch;
    };
    unzip(archive, { filter }, (error, found) => {
      if (error !== null) reject(error);
      else if (tooMuch) reject(new Error('it holds more than is looked at'));
      else resolve(found);
    });
  });
}
