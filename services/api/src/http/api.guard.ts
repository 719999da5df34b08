import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Route } from '@tocsin/http-api';
import { DomainError, toMs } from '@tocsin/kernel';
import { callerOf, hasScope } from '../tokens/token.store.js';
import { hashToken, isTokenText } from '../tokens/token-text.js';
import { CLOCK, type Clock, DATABASE, type Database, READY, type Ready } from '../wiring.js';
import { bearerOf } from './bearer.js';
import { type ApiRequest, type Caller, readCall } from './call.js';
import { rateLimit } from './rate-limit.js';
import { ROUTE } from './route-of.js';

const NOBODY: Caller = { tokenId: '', name: '', project: '', scopes: [] };
const FAILURES = { perSecond: 1, burst: 20 };
const TRUSTED_FOR_MS = 60_000;

/** Who asks, whether they may, and whether what they ask is understood: all of it as the table of routes says. */
@Injectable()
export class ApiGuard implements CanActivate {
  readonly #failures;
  /** tokens that were good a moment ago: a guesser behind the same address does not lock their owners out */
  readonly #good = new Map<string, number>();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(READY) private readonly ready: Ready,
  ) {
    this.#failures = rateLimit(FAILURES, () => toMs(clock()));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as Route | undefined;
    if (route === undefined) throw new DomainError('not_found', 'there is nothing at this address');
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!this.ready()) throw new DomainError('unavailable', 'still starting: try again soon');
    request.call = readCall(route, request, await this.#callerFor(route, request));
    return true;
  }

  /** What needs no token is open to all, or asks for a key that its handler knows. */
  async #callerFor({ scope }: Route, request: ApiRequest): Promise<Caller> {
    if (scope === 'none' || scope === 'key') return NOBODY;
    const caller = await this.#caller(request);
    if (!hasScope(caller.scopes, scope))
      throw new DomainError('forbidden', `this needs a token with the scope ${scope}`);
    return caller;
  }

  async #caller(request: ApiRequest): Promise<Caller> {
    const text = bearerOf(request);
    const now = this.clock();
    const key = hashToken(text).toString('base64');
    if (!this.#isTrusted(key, toMs(now)) && !this.#failures.has(request.ip))
      throw new DomainError('too_many_requests', 'too many requests without a valid token');
    const caller = isTokenText(text) ? await callerOf(this.db, text, now) : undefined;
    if (caller === undefined) {
      this.#good.delete(key);
      this.#failures.allow(request.ip);
      throw new DomainError('unauthorized', 'send authorization: Bearer <token> with a token that is valid');
    }
    this.#trust(key, toMs(now));
    return caller;
  }

  #isTrusted(key: string, nowMs: number): boolean {
    return (this.#good.get(key) ?? 0) > nowMs;
  }

  #trust(key: string, nowMs: number): void {
    this.#good.delete(key);
    this.#good.set(key, nowMs + TRUSTED_FOR_MS);
    const [oldest] = this.#good.keys();
    if (this.#good.size > 1000 && oldest !== undefined) this.#good.delete(oldest);
  }
}
