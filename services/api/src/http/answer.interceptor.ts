import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { etagOf } from '@tocsin/http-api';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** What has a revision answers with its ETag. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        const revision = (body as { revision?: unknown } | undefined)?.revision;
        if (typeof revision === 'number') void reply.header('etag', etagOf(revision));
        return body;
      }),
    );
  }
}
