import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@tocsin/kernel';

/** OWASP's least for Argon2id; 19 MiB and some 50 ms of one core each. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

/** One at a time leaves the cores and the memory to other work, and is thirty a second; so many wait for their turn. */
const AT_ONCE = 1;
const WAITING = 50;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

let running = 0;
const queue: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING)
      throw new DomainError('unavailable', 'too many people are signing in right now: try again soon');
    await new Promise<void>((resolve) => queue.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next === undefined) running--;
    else next();
  }
}

const derive = (password: string, salt: Buffer, cost: Cost, bytes: number): Promise<Buffer> =>
  inTurn(
    () =>
      new Promise((resolve, reject) => {
        const parameters = {
          // One password has one form, however a keyboard composes it.
          message: password.normalize('NFKC'),
          nonce: salt,
          parallelism: cost.lanes,
          tagLength: bytes,
          memory: cost.memory,
          passes: cost.passes,
        };
        argon2('argon2id', parameters, (error, key) => (error === null ? resolve(key) : reject(error)));
      }),
  );

/** In the form every Argon2 library reads: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { memory: MEMORY_KIB, passes: PASSES, lanes: LANES }, TAG_BYTES);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(key)}`;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const STORED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Of nobody's password: who has none takes as long to be refused as who mistypes theirs. */
const NOBODYS = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(randomBytes(SALT_BYTES))}$${unpadded(randomBytes(TAG_BYTES))}`;

/** @param stored null: there is no such user, or one without a password; answered as late as any */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', hash = ''] = STORED.exec(stored ?? NOBODYS) ?? [];
  if (memory === undefined) throw new Error('a stored password hash cannot be read');
  const expected = Buffer.from(hash, 'base64');
  const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const key = await derive(password, Buffer.from(salt, 'base64'), cost, expected.length);
  return timingSafeEqual(key, expected) && stored !== null;
}
