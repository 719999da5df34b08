import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openApiDocument } from '@tocsin/http-api';
import type { FastifyInstance } from 'fastify';

const require = createRequire(import.meta.url);
const { version } = require('../../../package.json') as { version: string };

const TYPES = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' } as const;
/** All the page asks for; nothing else of the package is served. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

/** Everything comes from here and nothing is written into the page: a name in the document can run nowhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tocsin API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;

/** The document and the page to browse it: open to anybody who can reach us, as what they describe is public. */
export function addDocs(fastify: FastifyInstance, publicUrl: string | undefined): void {
  const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  let document: string | undefined;

  fastify.get('/api/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument({ version, serverUrl: publicUrl ?? '/' }));
    void reply.type('application/json; charset=utf-8').send(document);
  });
  for (const url of ['/api/docs', '/api/docs/'])
    fastify.get(url, (_request, reply) => {
      void reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(PAGE);
    });
  fastify.get('/api/docs/start.js', (_request, reply) => {
    void reply.type(TYPES['.js']).send(START);
  });
  for (const name of ASSETS)
    fastify.get(`/api/docs/${name}`, (_request, reply) => {
      void reply
        .header('cache-control', 'public, max-age=86400')
        .type(TYPES[path.extname(name) as keyof typeof TYPES])
        .send(createReadStream(path.join(folder, name)));
    });
}
