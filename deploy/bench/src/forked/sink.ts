import { createServer } from 'node:http';

/** A receiver of webhooks that remembers when each arrived and what it was about. Asked for it, it tells and forgets. */
export interface Received {
  readonly event: string;
  readonly alertId: string;
  /** milliseconds since the epoch */
  readonly receivedAt: number;
  /** when the failing check that the alert rests on was finished */
  readonly finishedAt: number;
}

interface Body {
  event?: string;
  alert?: { id?: string; evidence?: { finishedAt?: string }[] };
}

let received: Received[] = [];
const server = createServer((request, response) => {
  // The moment we are called, not the moment the body is complete and parsed.
  const receivedAt = performance.timeOrigin + performance.now();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok');
    const { event = '', alert } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Body;
    const finishedAt = Date.parse(alert?.evidence?.at(-1)?.finishedAt ?? '');
    received.push({ event, alertId: alert?.id ?? '', receivedAt, finishedAt });
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('message', () => {
  process.send?.(received);
  received = [];
});
process.on('disconnect', () => process.exit(0));
