import type { FastifyRequest } from 'fastify';

/** What was sent as `authorization: Bearer …`; empty when nothing was. */
export const bearerOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
