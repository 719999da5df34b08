import { newId } from '@tocsin/kernel';
import type { Metrics } from '@tocsin/service-kit';
import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  // A heartbeat's address is a secret.
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Bodies stay text until the guard has seen who sent them and for which route: a heartbeat takes any type, every
 * other route JSON alone, and what is wrong is told in our words.
 */
export function setUpFastify(fastify: FastifyInstance, metrics: Metrics): void {
  const seconds = metrics.histogram<'method' | 'route' | 'status'>({
    name: 'api_request_seconds',
    help: 'From request to answer, by route',
    labels: ['method', 'route', 'status'],
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.setGenReqId(() => newId());
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...HEADERS, 'x-request-id': request.id });
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  fastify.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // The pattern, never the address: that may hold a heartbeat's token.
    const route = routeOptions.url ?? 'none';
    seconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
}
