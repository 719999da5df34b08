import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Hosted } from './hosted.js';

/** Hosts projections and workers: each hands its work to the `@EventPattern` of its name. */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('jetstream');
  readonly #stopping = new AbortController();
  #running: Promise<void>[] = [];

  constructor(
    private readonly hosted: readonly Hosted[],
    private readonly onFailure: (error: unknown) => void,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      this.#running = this.hosted.map(async (host) => {
        const handler = this.getHandlerByPattern(host.pattern);
        if (handler === null) throw new Error(`no @EventPattern('${host.pattern}') handles the work`);
        await host.run(async (payload, context) => {
          const answer: unknown = await handler(payload, context);
          if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
        }, this.#stopping.signal);
      });
      for (const running of this.#running) running.catch(this.onFailure);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running);
  }

  on(): never {
    throw new Error('the JetStream transport has no events of its own');
  }

  unwrap(): never {
    throw new Error('the JetStream transport has no single server to unwrap');
  }
}
