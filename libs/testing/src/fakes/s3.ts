import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback } from './listen.js';

export interface S3Identity {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
}

export interface S3Fake {
  /** `http://127.0.0.1:<port>`, without a trailing slash */
  readonly url: string;
  /** by `<bucket>/<key>` */
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** so many of the next requests are answered with 503 */
  failNext(times: number): void;
  stop(): Promise<void>;
}

const hex = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * The signature that a request must have, from the description of Signature Version 4 and by no client's code. Without
 * query parameters, which objects need none of.
 */
export function s3Signature(
  request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  signedHeaders: readonly string[],
  { secretKey, region }: S3Identity,
): string {
  const { method, path, headers } = request;
  const time = headers['x-amz-date'] ?? '';
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const canonical = [
    method,
    path,
    '',
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${secretKey}`);
  return hmac(Buffer.from(key), ['AWS4-HMAC-SHA256', time, scope, hex(canonical)].join('\n')).toString('hex');
}

/** Path-style storage in memory. What is signed wrongly is 403, as is a body that is not the one that was signed. */
export async function startS3Fake(identity: S3Identity): Promise<S3Fake> {
  const objects = new Map<string, StoredObject>();
  let failing = 0;

  function statusOf(request: IncomingMessage, body: Buffer): number | undefined {
    if (failing > 0) {
      failing -= 1;
      return 503;
    }
    return isSigned(request, body, identity) ? undefined : 403;
  }

  const server = createServer((request, response) => {
    const answer = async () => {
      const body = Buffer.concat(await request.toArray());
      const refused = statusOf(request, body);
      const name = decodeURIComponent(request.url ?? '').slice(1);
      if (refused !== undefined) return response.writeHead(refused).end('<Error/>');
      if (request.method === 'PUT') {
        objects.set(name, { body, contentType: request.headers['content-type'] ?? '' });
        return response.writeHead(200).end();
      }
      const found = objects.get(name);
      if (found === undefined) return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      return response
        .writeHead(200, { 'content-type': found.contentType, 'content-length': found.body.length })
        .end(found.body);
    };
    answer().catch(() => response.destroy());
  });
  const { port, stop } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    failNext: (times) => {
      failing = times;
    },
    stop,
  };
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/[^,]+, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

function isSigned(request: IncomingMessage, body: Buffer, identity: S3Identity): boolean {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const [, accessKey, signed = '', signature = ''] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (accessKey !== identity.accessKey || !signed.split(';').includes('host')) return false;
  const content = headers['x-amz-content-sha256'];
  if (content !== 'UNSIGNED-PAYLOAD' && content !== hex(body)) return false;
  const asked = { method: request.method ?? '', path: request.url ?? '', headers };
  const wanted = s3Signature(asked, signed.split(';'), identity);
  return timingSafeEqual(Buffer.from(signature), Buffer.from(wanted));
}
