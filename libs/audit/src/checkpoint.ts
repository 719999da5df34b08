import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { CHAINED_STREAMS } from './chained-table.js';
import type { ExportedHead } from './log-line.js';

/** What a checkpoint says of a stream. */
export interface CheckpointStream {
  readonly stream: (typeof CHAINED_STREAMS)[number] | 'RESULTS';
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly createdAt: string;
}

/** The ends of all chains at an instant. */
export interface Checkpoint {
  readonly madeAt: string;
  readonly chains: readonly ExportedHead[];
  readonly streams: readonly CheckpointStream[];
  /** of the audit trail beside the log; undefined when nothing is in it */
  readonly trail?: TrailEnd | undefined;
}

export interface TrailEnd {
  readonly position: number;
  readonly hash: string;
}

const TITLE = 'tocsin checkpoint 1';
const STREAMS = [...CHAINED_STREAMS, 'RESULTS'] as const;

/** The file is none, or not signed with the key. What it says is not to be believed. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Ed25519, as PEM. */
export function generateCheckpointKeys(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** SHA-256 of the public key, hex: which key it was, without believing it. */
export function keyFingerprint(key: KeyObject): string {
  const spki = (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/** The one way in which a checkpoint is written: what is signed are these bytes. */
function textOf({ madeAt, chains, streams, trail }: Checkpoint, fingerprint: string): string {
  const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  const chainLines = chains
    .map(({ stream, chain, position, hash }) => `chain ${stream} ${chain} ${position} ${hash}`)
    .toSorted(order);
  const streamLines = streams
    .map(
      ({ stream, firstSequence, lastSequence, createdAt }) =>
        `stream ${stream} ${firstSequence} ${lastSequence} ${createdAt}`,
    )
    .toSorted(order);
  const trailLines = trail === undefined ? [] : [`trail ${trail.position} ${trail.hash}`];
  const lines = [TITLE, `made ${madeAt}`, `key ${fingerprint}`, ...chainLines, ...streamLines, ...trailLines];
  return `${lines.join('\n')}\n`;
}

/** A checkpoint as a file: its text, and the signature as the last line. */
export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): string {
  requireEd25519(privateKey);
  const text = textOf(checkpoint, keyFingerprint(privateKey));
  return `${text}signature ${sign(null, Buffer.from(text), privateKey).toString('base64')}\n`;
}

/** @throws CheckpointError when it is none, or was not signed with the key, or was changed since */
export function readCheckpoint(file: string, publicKey: KeyObject): Checkpoint {
  requireEd25519(publicKey);
  const [, text, signature] = /^(.*\n)signature ([A-Za-z0-9+/=]+)\n?$/s.exec(file) ?? [];
  if (text === undefined || signature === undefined || !text.startsWith(`${TITLE}\n`))
    throw new CheckpointError('it is no checkpoint of this version');
  const [, signedWith] = /^key (\w+)$/m.exec(text) ?? [];
  if (!verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')))
    throw new CheckpointError(
      signedWith === keyFingerprint(publicKey)
        ? 'its signature does not fit: it was changed after it was signed'
        : `it was signed with another key, ${signedWith ?? 'unnamed'}: give that one's public key`,
    );
  return parsedText(text);
}

const chainLine = z.tuple([
  z.literal('chain'),
  z.enum(CHAINED_STREAMS),
  z.string(),
  z.coerce.number(),
  z.string(),
]);
const streamLine = z.tuple([
  z.literal('stream'),
  z.enum(STREAMS),
  z.coerce.number(),
  z.coerce.number(),
  z.string(),
]);

const trailLine = z.tuple([z.literal('trail'), z.coerce.number(), z.string()]);

function parsedText(text: string): Checkpoint {
  const lines = text.split('\n').map((line) => line.split(' '));
  const chains = lines.flatMap((words) => {
    if (words[0] !== 'chain') return [];
    const [, stream, chain, position, hash] = chainLine.parse(words);
    return [{ stream, chain, position, hash }];
  });
  const streams = lines.flatMap((words) => {
    if (words[0] !== 'stream') return [];
    const [, stream, firstSequence, lastSequence, createdAt] = streamLine.parse(words);
    return [{ stream, firstSequence, lastSequence, createdAt }];
  });
  const [, position, hash] = trailLine.optional().parse(lines.find(([word]) => word === 'trail')) ?? [];
  const trail = position === undefined || hash === undefined ? undefined : { position, hash };
  return { madeAt: lines.find(([word]) => word === 'made')?.[1] ?? '', chains, streams, trail };
}

function requireEd25519(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new CheckpointError(
      `the key is ${key.asymmetricKeyType ?? 'none'}, and a checkpoint is signed with Ed25519: make one with tocsin checkpoint keygen`,
    );
}
