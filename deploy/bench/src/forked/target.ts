import { createServer } from 'node:net';

/**
 * As little of a server as answers HTTP, in a process of its own: what it costs is not what is measured. One connection,
 * one answer. `/flip/<k>/<n>` fails in every n-th second, the k-th of them.
 */
const answer = (status: string, body: string) =>
  `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
const OK = answer('200 OK', 'ok');
const FAILED = answer('500 Internal Server Error', 'no');

function answerTo(request: string): string {
  if (!request.startsWith('GET /flip/')) return OK;
  const [, , k, n] = request.slice(4, request.indexOf(' ', 4)).split('/').map(Number);
  const second = Math.floor(Date.now() / 1_000);
  return k !== undefined && n !== undefined && (second + k) % n === 0 ? FAILED : OK;
}

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (chunk) => socket.end(answerTo(chunk.toString('latin1', 0, 100))));
});
server.listen({ port: 0, host: '0.0.0.0', backlog: 4_096 }, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('disconnect', () => process.exit(0));
