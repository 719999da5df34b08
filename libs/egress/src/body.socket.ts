import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Deadline } from './deadline.js';
import { EgressError } from './egress-error.js';
import { socketError } from './socket-error.js';

export interface ReadBody {
  readonly body: Buffer;
  readonly truncated: boolean;
}

/** Reads and decompresses until more than `limit` bytes have come out, then stops reading: a bomb is never inflated. */
export function readBody(
  deadline: Deadline,
  response: IncomingMessage,
  limit: number,
  label: string,
): Promise<ReadBody> {
  const decoders = decodersFor(response, label);
  const settled = deadline.run<ReadBody>('body', (resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onBroken = (error: Error) => {
      reject(socketError(error, 'body', label));
    };
    // The connection may have ended between the headers and here.
    const broken = brokenBy(response);
    if (broken !== undefined) {
      onBroken(broken);
      return undefined;
    }
    response.on('error', onBroken);
    let out: Readable = response;
    for (const decoder of decoders) {
      out = out.pipe(decoder);
      decoder.on('error', (error) => {
        reject(undecodable(error, label));
      });
    }
    out.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      out.removeAllListeners('data').pause();
      resolve({ body: Buffer.concat(chunks, size).subarray(0, limit), truncated: true });
    });
    out.on('end', () => {
      const [only] = chunks;
      const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
      resolve({ body, truncated: false });
    });
    return undefined;
  });
  if (decoders.length === 0) return settled;
  return settled.finally(() => {
    for (const decoder of decoders) decoder.destroy();
  });
}

function brokenBy(response: IncomingMessage): Error | undefined {
  if (response.errored !== null) return response.errored;
  if (!response.destroyed || response.complete) return undefined;
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** In the order to apply them: the last encoding named is the first to undo. Unknown ones are left as they are. */
function decodersFor(response: IncomingMessage, label: string): readonly Transform[] {
  const header = response.headers['content-encoding'];
  if (header === undefined) return [];
  const decoders = header
    .split(',')
    .map((encoding) => DECODERS[encoding.trim().toLowerCase()])
    .filter((decoder) => decoder !== undefined)
    .toReversed();
  if (decoders.length > 2)
    throw new EgressError('protocol_error', 'body', `${label}: more than two content encodings`);
  return decoders.map((decoder) => decoder());
}

const undecodable = (cause: Error, label: string) =>
  new EgressError('protocol_error', 'body', `${label}: the response body does not decompress`, { cause });
