import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Route } from '@tocsin/http-api';
import { DomainError, toMs } from '@tocsin/kernel';
import { findSession, type Session } from '../people/session.store.js';
import { sessionSecretOf } from '../people/session-cookie.js';
import { PEOPLE, type PeopleSettings } from '../people/settings.js';
import { scopesOf } from '../people/user.js';
import { callerOf, hasScope } from '../tokens/token.store.js';
import { hashToken, isTokenText } from '../tokens/token-text.js';
import { CLOCK, type Clock, DATABASE, type Database, READY, type Ready } from '../wiring.js';
import { bearerOf, sendsBearer } from './bearer.js';
import { type ApiRequest, type Caller, readCall } from './call.js';
import { type Peer, peerOf } from './peer.js';
import { rateLimit } from './rate-limit.js';
import { ROUTE } from './route-of.js';
import { isSameOrigin, type Site, siteOf } from './site.js';

const NOBODY: Caller = { tokenId: '', name: '', project: '', scopes: [] };
const FAILURES = { perSecond: 1, burst: 20 };
const TRUSTED_FOR_MS = 60_000;

interface Asked {
  readonly route: Route;
  readonly request: ApiRequest;
  readonly peer: Peer;
  readonly site: Site;
}

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
    @Inject(PEOPLE) private readonly people: PeopleSettings,
  ) {
    this.#failures = rateLimit(FAILURES, () => toMs(clock()));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as Route | undefined;
    if (route === undefined) throw new DomainError('not_found', 'there is nothing at this address');
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!this.ready()) throw new DomainError('unavailable', 'still starting: try again soon');
    const peer = peerOf(request, this.people.isTrustedProxy);
    const asked = { route, request, peer, site: siteOf(peer, this.people.publicUrl) };
    request.call = readCall(route, request, await this.#callerFor(asked), asked);
    return true;
  }

  /** What needs no token is open to all, or asks for a key that its handler knows. */
  async #callerFor(asked: Asked): Promise<Caller> {
    const { scope, tag } = asked.route;
    if (scope === 'none' || scope === 'key') {
      // What gives a browser its cookie is asked for by our own pages.
      if (tag === 'session' || tag === 'setup') this.#requireOurPage(asked);
      return NOBODY;
    }
    const caller = await this.#caller(asked);
    if (scope !== 'session' && !hasScope(caller.scopes, scope))
      throw new DomainError('forbidden', `this needs ${wordFor(caller)} ${scope}`);
    return { ...caller, network: asked.peer.ip };
  }

  /** Whoever sends a token means it, whatever cookies their browser adds. */
  async #caller(asked: Asked): Promise<Caller> {
    const { route, request, site, peer } = asked;
    const secret = sendsBearer(request) ? '' : sessionSecretOf(request, site);
    if (secret === '' && route.scope !== 'session') return await this.#tokenCaller(request, peer);
    const session =
      secret === '' ? undefined : await findSession(this.db, secret, this.people.sessions, this.clock());
    if (session === undefined) throw unauthorized();
    this.#requireOurPage(asked);
    if (session.user.password_is_temporary && route.scope !== 'session')
      throw new DomainError('password_change_required', 'choose a password of your own first');
    return callerIn(session);
  }

  #requireOurPage({ route, request, site }: Asked): void {
    if (route.method === 'get' || sendsBearer(request)) return;
    if (!isSameOrigin(request.headers, site))
      throw new DomainError(
        'forbidden',
        `a session changes things from pages of ${site.origin} only: if that is not how you reach Tocsin, set TOCSIN_PUBLIC_URL`,
      );
  }

  async #tokenCaller(request: ApiRequest, { ip }: Peer): Promise<Caller> {
    // Who sends nothing guesses nothing: a page left open overnight is asked to sign in, however much it asks for.
    if (!sendsBearer(request)) throw unauthorized();
    const text = bearerOf(request);
    const now = this.clock();
    const key = hashToken(text).toString('base64');
    if (!this.#isTrusted(key, toMs(now)) && !this.#failures.has(ip))
      throw new DomainError('too_many_requests', 'too many requests without a valid token');
    const caller = isTokenText(text) ? await callerOf(this.db, text, now) : undefined;
    if (caller === undefined) {
      this.#good.delete(key);
      this.#failures.allow(ip);
      throw unauthorized();
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

const unauthorized = (): DomainError =>
  new DomainError(
    'unauthorized',
    'sign in, or send authorization: Bearer <token> with a token that is valid',
  );

const wordFor = ({ kind }: Caller): string =>
  kind === 'user' ? 'a role with the scope' : 'a token with the scope';

const callerIn = (session: Session): Caller => ({
  kind: 'user',
  tokenId: session.user.id,
  name: session.user.email,
  project: session.user.project,
  scopes: scopesOf(session.user.role),
  session,
});
