import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Health, HealthReport } from './health.js';
import type { Metrics } from './metrics.js';

const maxConnections = 4096;

/** Bounds on what a client may send and how slowly it may do so. */
export const fastifyAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: 256 * 1024,
    // names of artifacts are paths, percent-encoded
    routerOptions: { maxParamLength: 2048 },
    requestTimeout: 30_000,
    // a stream to a console is kept by its own comments, sent more often than this
    connectionTimeout: 60_000,
    keepAliveTimeout: 5000,
    // Node looks for late headers every 30 s unless told otherwise
    // What never reaches a route, such as a broken percent-encoding, is a problem document too.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const status = error.statusCode ?? 400;
      void reply.code(status).type('application/problem+json').send({
        type: 'urn:tocsin:problem:validation_failed',
        title: 'Validation failed',
        status,
        detail: 'the address of the request cannot be read',
        code: 'validation_failed',
        errors: [],
      });
    },
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 2000 },
  });

const answer = ({ healthy, checks }: HealthReport) =>
  [healthy ? 200 : 503, { status: healthy ? 'ok' : 'unavailable', checks }] as const;

export function addOperatorRoutes(app: NestFastifyApplication, health: Health, metrics: Metrics): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.getHttpServer().maxConnections = maxConnections;
  fastify.get('/livez', (_request, reply) => {
    const [code, body] = answer(health.live());
    void reply.header('cache-control', 'no-store').code(code).send(body);
  });
  fastify.get('/readyz', async (_request, reply) => {
    const [code, body] = answer(await health.ready());
    return reply.header('cache-control', 'no-store').code(code).send(body);
  });
  fastify.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
