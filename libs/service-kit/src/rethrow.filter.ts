// oxlint-disable promise/valid-params, promise/no-promise-in-callback -- the catch of a Nest filter is no promise's
import { type ArgumentsHost, Catch, type ExceptionFilter, type HttpServer } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';

/**
 * Lets a transport see the error its handler threw, to tell "retry" from "never": Nest would hand it a bland one.
 * What a controller throws goes to `http`, the service's own filter, or to Nest's.
 */
@Catch()
export class RethrowFilter extends BaseExceptionFilter {
  readonly #http: ExceptionFilter | undefined;
  constructor(adapter: HttpServer, http?: ExceptionFilter) {
    super(adapter);
    this.#http = http;
  }
  override catch(error: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() === 'rpc') return throwError(() => error);
    if (this.#http === undefined) super.catch(error, host);
    else this.#http.catch(error, host);
    return undefined;
  }
}
