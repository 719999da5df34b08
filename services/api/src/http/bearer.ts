import type { FastifyRequest } from 'fastify';

/** What was sent as `authorization: Bearer …`; empty when nothing was. */
export const bearerOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/**
 * Whether a token is meant at all. Other schemes are for somebody in between: a browser adds what a proxy asks for to
 * whatever it sends, on its own.
 */
export const sendsBearer = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  /^bearer(?: |$)/i.test(headers.authorization ?? '');
