import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { SessionView, SetupInput, SetupView } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerOf } from '../http/bearer.js';
import { type Call, GetCall } from '../http/call.js';
import { isLoopback, networkOf } from '../http/peer.js';
import { Endpoint } from '../http/route-of.js';
import { isLoopbackHost } from '../http/site.js';
import { callerOf, hasScope } from '../tokens/token.store.js';
import { isTokenText } from '../tokens/token-text.js';
import { CLOCK, type Clock, DATABASE, type Database, LOGGER } from '../wiring.js';
import { forgiveAttempt } from './attempts.store.js';
import { browserOf, giveSession, tellingWhen } from './browser.js';
import { makeFirstAdministrator } from './first-administrator.js';
import { PEOPLE, type PeopleSettings } from './settings.js';
import { beginSession, countAttempt } from './sign-in.js';
import { sessionUser } from './user.js';
import { hasAdministrator } from './user.store.js';

@Controller()
export class SetupController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEOPLE) private readonly people: PeopleSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Endpoint('getSetup')
  async show(@GetCall() call: Call): Promise<SetupView> {
    const required = !(await hasAdministrator(this.db));
    const { oidc } = this.people;
    return {
      required,
      codeRequired: required && !isOwnMachine(call, this.people),
      oidc: oidc === undefined ? null : { name: oidc.name },
    };
  }

  @Endpoint('setUp')
  async setUp(
    @GetCall() call: Call<SetupInput>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const now = this.clock();
    const browser = browserOf(call);
    const code = call.body.code ?? bearerOf(request);
    if (code !== '' || !isOwnMachine(call, this.people))
      await tellingWhen(reply, () => this.#requireCode(code, call.ip, now));
    const user = await makeFirstAdministrator(this.db, call.body, call.ip, now);
    const span = this.people.sessions;
    const secret = await beginSession(this.db, { user, method: 'password', browser }, span, now);
    if (secret === undefined) throw new DomainError('conflict', 'sign in');
    giveSession(reply, call, secret, span);
    this.logger.info({ userId: user.id }, 'first administrator made');
    return { user: sessionUser(user), setup: false };
  }

  async #requireCode(code: string, ip: string, now: Instant): Promise<void> {
    if (!(await hasAdministrator(this.db))) {
      const guesser = { account: 'setup', network: networkOf(ip) };
      await countAttempt(this.db, guesser, now);
      const token = isTokenText(code) ? await callerOf(this.db, code, now) : undefined;
      if (token === undefined || !hasScope(token.scopes, 'admin'))
        throw new DomainError(
          'unauthorized',
          'give the token that the first start wrote as the code: it is in the file "token" of the data folder',
          [{ field: 'code', message: "is not an administrator's token" }],
        );
      await forgiveAttempt(this.db, guesser);
    }
  }
}

/**
 * Whoever sits at this machine may set it up just like that. A proxy on it makes strangers look the same, so that neither
 * a sign of one nor a public address may be there.
 */
const isOwnMachine = ({ peer }: Call, { publicUrl }: PeopleSettings): boolean =>
  isLoopback(peer.ip) &&
  !peer.isForwarded &&
  isLoopbackHost(peer.host) &&
  (publicUrl === undefined || isLoopbackHost(new URL(publicUrl).host));
