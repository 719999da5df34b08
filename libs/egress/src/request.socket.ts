import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as sendHttp,
} from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { readBody } from './body.socket.js';
import { certificateFacts } from './certificate.js';
import { type Deadline, startDeadline } from './deadline.js';
import { type Door, dial } from './dial.socket.js';
import type { EgressRequest, EgressResponse, PeerCertificateFacts } from './egress.js';
import { EgressError } from './egress-error.js';
import { hostOf, parseUrl } from './host.js';
import { type Hop, nextHop, without } from './redirect.js';
import { secure } from './secure.socket.js';
import { socketError } from './socket-error.js';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_HEADERS = 100;
/** The connection is ours to manage, and the body's length ours to say. */
const NOT_THEIRS = [
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
];

export async function request(
  door: Door,
  context: SecureContext,
  asked: EgressRequest,
): Promise<EgressResponse> {
  const url = parseUrl(asked.url);
  const method = asked.method.toUpperCase();
  if (method === 'CONNECT' || method === 'TRACE')
    throw new EgressError('invalid_request', 'policy', `the method ${method} is not allowed`);
  const headers = asked.headers === undefined ? {} : without(asked.headers, NOT_THEIRS);
  const deadline = startDeadline(asked.timeoutMs, asked.signal, url.host);
  const follow = asked.maxRedirects ?? 0;
  let hop: Hop = { url, method, headers, body: asked.body, servername: asked.servername };
  try {
    let certificate: PeerCertificateFacts | undefined;
    for (let redirects = 0; ; redirects++) {
      const { next, response } = await travel(door, context, deadline, asked, hop, redirects);
      certificate ??= response.certificate;
      if (next === undefined) return { ...response, certificate };
      if (redirects === follow)
        throw new EgressError('too_many_redirects', 'policy', `${url.host}: more than ${follow} redirects`);
      hop = next;
    }
  } finally {
    deadline.end();
  }
}

/** One hop: its own name, its own verdict, its own connection, which is gone when this returns. */
async function travel(
  door: Door,
  context: SecureContext,
  deadline: Deadline,
  asked: EgressRequest,
  hop: Hop,
  redirects: number,
): Promise<{ readonly next: Hop | undefined; readonly response: EgressResponse }> {
  const { url } = hop;
  const tls = url.protocol === 'https:';
  const host = hostOf(url);
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  const label = `${url.hostname}:${port}`;
  const { socket: plain, dnsMs, connectMs } = await dial(door, deadline, host, port, label);
  let socket: Socket = plain;
  try {
    let tlsMs: number | undefined;
    let secured: TLSSocket | undefined;
    if (tls) {
      const startedAt = performance.now();
      const name = hop.servername ?? host.name;
      secured = await secure(
        deadline,
        plain,
        {
          host: name ?? host.address ?? '',
          // The root dot of a name is not part of what certificates are for.
          servername: name?.replace(/\.$/, ''),
          verify: asked.tlsVerify !== false,
          context,
        },
        label,
      );
      socket = secured;
      tlsMs = performance.now() - startedAt;
    }
    const sentAt = performance.now();
    const incoming = await exchange(deadline, socket, hop, host.name ?? url.hostname, port, label);
    const firstByteMs = performance.now() - sentAt;
    const follow = (asked.maxRedirects ?? 0) > 0;
    const next = follow
      ? nextHop(hop, incoming.statusCode ?? 0, incoming.headers.location, asked.secretHeaders ?? [])
      : undefined;
    const limit = asked.maxBodyBytes ?? MAX_BODY_BYTES;
    const { body, truncated } =
      next === undefined ? await readBody(deadline, incoming, limit, label) : NO_BODY;
    const certificate =
      secured !== undefined && asked.collectCertificate === true ? certificateFacts(secured) : undefined;
    return {
      next,
      response: {
        status: incoming.statusCode ?? 0,
        headers: singleValues(incoming),
        body,
        bodyTruncated: truncated,
        timings: { dnsMs, connectMs, tlsMs, firstByteMs, totalMs: deadline.elapsedMs() },
        remoteAddress: plain.remoteAddress ?? '',
        redirects,
        url: url.href,
        certificate,
      },
    };
  } finally {
    socket.destroy();
  }
}

const NO_BODY = { body: Buffer.alloc(0), truncated: false };

/** Sends the request on this very socket: no agent, no pool, no second look-up. */
function exchange(
  deadline: Deadline,
  socket: Socket,
  hop: Hop,
  host: string,
  port: number,
  label: string,
): Promise<IncomingMessage> {
  return deadline.run<IncomingMessage>('headers', (resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const outgoing = prepare(
      {
        createConnection: () => socket,
        host,
        port,
        defaultPort: hop.url.protocol === 'https:' ? 443 : 80,
        method: hop.method,
        path: `${hop.url.pathname}${hop.url.search}`,
        headers: hop.headers,
        maxHeaderSize: MAX_HEADER_BYTES,
      },
      label,
    );
    // One more than allowed, to see that there are more: node drops the rest without a word.
    outgoing.maxHeadersCount = MAX_HEADERS + 1;
    outgoing.on('error', (error) => {
      // What fails once the headers are there, a chunk size for one, fails the body.
      if (answer === undefined) reject(socketError(error, 'headers', label));
      else answer.destroy(error);
    });
    outgoing.on('response', (incoming) => {
      answer = incoming;
      // Node forgets an error nobody listens for; whoever reads the body wants to know.
      incoming.on('error', () => undefined);
      if (incoming.rawHeaders.length > 2 * MAX_HEADERS)
        reject(new EgressError('header_overflow', 'headers', `${label}: more than ${MAX_HEADERS} headers`));
      else resolve(incoming);
    });
    outgoing.end(hop.body);
    return () => socket.destroy();
  });
}

/** Node throws for headers and methods that HTTP does not have. */
function prepare(options: RequestOptions, label: string): ClientRequest {
  try {
    return sendHttp(options);
  } catch (error) {
    throw socketError(error, 'headers', label);
  }
}

function singleValues(incoming: IncomingMessage): Readonly<Record<string, string>> {
  const { headers } = incoming;
  // The only one node keeps as a list.
  const cookies = headers['set-cookie'];
  if (cookies === undefined) return headers as Record<string, string>;
  return { ...headers, 'set-cookie': cookies.join(', ') } as Record<string, string>;
}
