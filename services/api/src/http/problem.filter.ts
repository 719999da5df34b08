// oxlint-disable promise/valid-params, promise/no-promise-in-callback -- the catch of a Nest filter is no promise's
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { isTransient } from '@tocsin/database';
import { problemOf } from '@tocsin/http-api';
import { DomainError, ERROR_CODES, type ErrorCode } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Every error leaves as a problem of RFC 9457; what is not the caller's fault is logged with the request's id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    // A stream that fails has answered already: its connection is all there is to end.
    if (reply.sent) {
      reply.raw.destroy();
      return;
    }
    const known = domainErrorOf(error);
    const problem = { ...problemOf(known), requestId: request.id };
    if (problem.status >= 500)
      this.#logger.error({ err: error, requestId: request.id, method: request.method }, 'request failed');
    if (known.code === 'unauthorized') void reply.header('www-authenticate', 'Bearer');
    const isForLater = known.code === 'unavailable' || known.code === 'too_many_requests';
    // Whoever knows better when it is worth trying again has said so.
    if (isForLater && !reply.hasHeader('retry-after')) void reply.header('retry-after', '1');
    void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isTransient(error))
    return new DomainError('unavailable', 'the database does not answer: try again soon');
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const code = codeOf(status);
  if (code === undefined) return new DomainError('internal', 'something went wrong here; it is in our log');
  return new DomainError(code, DETAILS[code] ?? 'the request is not valid');
}

const statusOf = (error: unknown): number | undefined =>
  (error as { statusCode?: number } | undefined)?.statusCode;

const DETAILS: Partial<Record<ErrorCode, string>> = {
  not_found: 'there is nothing at this address',
  payload_too_large: 'the body is larger than 256 kB',
  unsupported_media_type: 'send the body as content-type: application/json',
};

function codeOf(status: number | undefined): ErrorCode | undefined {
  if (status === undefined || status < 400 || status >= 500) return undefined;
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  return codes.find((code) => ERROR_CODES[code] === status) ?? 'validation_failed';
}
