import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';

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

/** What the build makes: compressed copies go by the names they stand for, and its manifest is for tests. */
const FILE = /^(?:assets\/[\w.-]+|[\w-]+)\.(?:js|css|svg|png|woff2)$/;

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * The console's files at the root, and its page at every address that a browser opens and that is nothing else's: which
 * page it is the console finds out itself.
 * @param folder default: what was built beside the api
 * @returns whether there is a console to serve
 */
export function addConsole(fastify: FastifyInstance, folder: string = BUILT): boolean {
  const root = path.resolve(folder);
  if (!existsSync(path.join(root, PAGE))) return false;
  const assets = path.join(root, 'assets') + path.sep;
  fastify.register(fastifyStatic, {
    root,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    // Only of what is there: the absence of a file must not be remembered for a year.
    setHeaders(reply, file) {
      const isNamedByContent = file.startsWith(assets);
      const cache = isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache';
      reply.headers({ ...PAGE_HEADERS, 'cache-control': cache });
    },
  });

  fastify.get('/', (_request, reply) => reply.sendFile(PAGE));
  fastify.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const asked = request.params['*'];
    if (FILE.test(asked)) return reply.sendFile(asked);
    if (isPage(request, asked)) return reply.sendFile(PAGE);
    reply.callNotFound();
    return reply;
  });
  return true;
}

/** Not a program that mistyped an address of the api. */
const isPage = ({ headers }: FastifyRequest, asked: string): boolean =>
  !/^(?:api|assets)(?:\/|$)/.test(asked) && (headers.accept ?? '').includes('text/html');
