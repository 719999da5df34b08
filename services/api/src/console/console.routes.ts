import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Beside the api, where the build leaves it. */
const BUILT = fileURLToPath(new URL('../../../console/dist', import.meta.url));
const PAGE = 'index.html';

/** Everything comes from here; a name that somebody gave a monitor can run nowhere. Styles are set by components. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** The name of a built file says what is in it; everything else is asked about each time. */
const cacheOf = (file: string): string =>
  file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';

/**
 * The console's files at the root, and its page at every address that a browser opens and that is nothing else's: which
 * page it is the console finds out itself.
 * @param folder default: what was built beside the api
 * @returns whether there is a console to serve
 */
export function addConsole(fastify: FastifyInstance, folder: string = BUILT): boolean {
  const root = path.resolve(folder);
  if (!existsSync(path.join(root, PAGE))) return false;
  const files = new Set(filesOf(root));
  fastify.register(fastifyStatic, { root, serve: false, preCompressed: true, cacheControl: false });

  const send = (reply: FastifyReply, file: string) =>
    reply.headers({ ...PAGE_HEADERS, 'cache-control': cacheOf(file) }).sendFile(file);

  fastify.get('/', (_request, reply) => send(reply, PAGE));
  fastify.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const asked = request.params['*'];
    if (files.has(asked)) return send(reply, asked);
    if (isPage(request, asked)) return send(reply, PAGE);
    reply.callNotFound();
    return reply;
  });
  return true;
}

/** Not a program that mistyped an address of the api, nor a file of a version that is gone. */
const isPage = ({ headers }: FastifyRequest, asked: string): boolean =>
  !/^(?:api|assets)(?:\/|$)/.test(asked) && (headers.accept ?? '').includes('text/html');

/** Of compressed copies only the names they stand for; the manifest is for tests. */
const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:br|gz)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('.'));
