import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { oidcStartQuery } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import {
  CLOCK,
  type Clock,
  DATABASE,
  type Database,
  LOGGER,
  SECRET_KEYS,
  type SecretKeys,
} from '../../wiring.js';
import { browserOf, giveSession } from '../browser.js';
import { cookieOf, setCookie } from '../session-cookie.js';
import { PEOPLE, type PeopleSettings } from '../settings.js';
import { beginSession } from '../sign-in.js';
import { type Person, personOf, type Refusal } from './claims.js';
import { FLOW_SECONDS, type Flow, openFlow, ownPath, sealFlow } from './flow.js';
import { type Issuer, issuerOf, newFlowSecrets } from './issuer.client.js';
import { findOrMakeUser } from './oidc-user.store.js';
import type { OidcSettings } from './settings.js';

const CALLBACK = '/api/v1/session/oidc/callback';

/** What went wrong, as the page for signing in is told. */
type Failure = Refusal | 'oidc_unavailable' | 'oidc_failed' | 'disabled';

@Controller()
export class OidcController {
  readonly #oidc: { readonly settings: OidcSettings; readonly issuer: Issuer } | undefined;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_KEYS) private readonly keys: SecretKeys,
    @Inject(PEOPLE) private readonly people: PeopleSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const settings = people.oidc;
    this.#oidc = settings === undefined ? undefined : { settings, issuer: issuerOf(settings) };
  }

  @Endpoint('startOidc')
  async start(
    @GetCall() call: Call<unknown, z.output<typeof oidcStartQuery>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { issuer } = this.#required();
    browserOf(call);
    const flow: Flow = {
      ...newFlowSecrets(),
      redirectUri: `${this.people.publicUrl ?? call.site.origin}${CALLBACK}`,
      returnTo: ownPath(call.query.returnTo),
      startedAt: this.clock(),
    };
    try {
      const url = await issuer.authorizationUrl(flow);
      this.#remember(reply, call, sealFlow(flow, this.keys), FLOW_SECONDS);
      void reply.header('location', url);
    } catch (error) {
      this.logger.warn({ err: error }, 'the OIDC issuer cannot be used');
      fail(reply, 'oidc_unavailable');
    }
  }

  /** 1. is it the browser that left, 2. what does the issuer say, 3. who is that here, 4. begin. */
  @Endpoint('finishOidc')
  async finish(
    @GetCall() call: Call,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { settings } = this.#required();
    const browser = browserOf(call);
    const now = this.clock();
    const flow = openFlow(cookieOf(call.browser.cookies, flowCookie(call)), this.keys, now);
    this.#remember(reply, call, '', 0);
    if (flow === undefined) return fail(reply, 'oidc_failed');

    const person = await this.#personWho(flow, queryOf(request));
    if (person === undefined) return fail(reply, 'oidc_failed');

    const found = await findOrMakeUser(this.db, settings, person, call.ip, now);
    if ('refusal' in found) {
      this.logger.info({ refusal: found.refusal }, 'signing in elsewhere refused');
      return fail(reply, found.refusal);
    }
    const { user } = found;
    const span = this.people.sessions;
    const secret = await beginSession(this.db, { user, method: 'oidc', browser }, span, now);
    if (secret === undefined) return fail(reply, 'disabled');
    giveSession(reply, call, secret, span);
    this.logger.info({ userId: user.id }, 'signed in elsewhere');
    void reply.header('location', flow.returnTo);
  }

  async #personWho(flow: Flow, query: string): Promise<Person | undefined> {
    const { settings, issuer } = this.#required();
    try {
      return personOf(await issuer.claimsOf(flow, query), settings);
    } catch (error) {
      this.logger.warn({ err: error }, 'signing in elsewhere failed');
      return undefined;
    }
  }

  #required() {
    if (this.#oidc === undefined)
      throw new DomainError('not_found', 'signing in elsewhere is not set up: TOCSIN_OIDC_ISSUER is not set');
    return this.#oidc;
  }

  #remember(reply: FastifyReply, call: Call, value: string, seconds: number): void {
    setCookie(reply, { name: flowCookie(call), secure: call.site.cookie?.secure ?? false }, value, seconds);
  }
}

const flowCookie = ({ site }: Call): string => `${site.cookie?.name ?? 'tocsin'}-oidc`;

const queryOf = ({ url }: FastifyRequest): string => {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
};

function fail(reply: FastifyReply, problem: Failure): void {
  void reply.header('location', `/sign-in?problem=${problem}`);
}
