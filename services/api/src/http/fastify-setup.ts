import { newId } from '@tocsin/kernel';
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
export function setUpFastify(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.setGenReqId(() => newId());
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...HEADERS, 'x-request-id': request.id });
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
}
