import { Controller, Inject, Res } from '@nestjs/common';
import type { OwnSession, PasswordInput, SessionView, SignInInput } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import {
  CLOCK,
  type Clock,
  DATABASE,
  type Database,
  LOGGER,
  SECRET_KEYS,
  type SecretKeys,
} from '../wiring.js';
import { browserOf, clearSession, giveSession, sessionOf, tellingWhen } from './browser.js';
import { changePassword } from './change-password.js';
import { endSessionOf, endSessionsOf, sessionsOf } from './session.store.js';
import { PEOPLE, type PeopleSettings } from './settings.js';
import { signIn } from './sign-in.js';
import { sessionUser } from './user.js';

@Controller()
export class SessionController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_KEYS) private readonly keys: SecretKeys,
    @Inject(PEOPLE) private readonly people: PeopleSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Endpoint('getSession')
  show(@GetCall() call: Call): SessionView {
    return { user: sessionUser(sessionOf(call).user), setup: false };
  }

  @Endpoint('signIn')
  async signIn(
    @GetCall() call: Call<SignInInput>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const span = this.people.sessions;
    const { db, keys } = this;
    const { user, secret } = await tellingWhen(reply, () =>
      signIn({ db, keys, span }, call.body, browserOf(call), this.clock()),
    );
    giveSession(reply, call, secret, span);
    this.logger.info({ userId: user.id }, 'signed in');
    return { user: sessionUser(user), setup: false };
  }

  @Endpoint('signOut')
  async signOut(@GetCall() call: Call, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { id, user } = sessionOf(call);
    await endSessionOf(this.db, user.id, id);
    clearSession(reply, call);
  }

  @Endpoint('changePassword')
  async changePassword(
    @GetCall() call: Call<PasswordInput>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const { user, secret } = await tellingWhen(reply, () => changePassword(this.db, call, this.clock()));
    giveSession(reply, call, secret, this.people.sessions);
    return { user: sessionUser(user), setup: false };
  }

  @Endpoint('listOwnSessions')
  async list(@GetCall() call: Call): Promise<{ items: readonly OwnSession[] }> {
    return { items: await sessionsOf(this.db, sessionOf(call), this.people.sessions, this.clock()) };
  }

  @Endpoint('endOwnSession')
  async end(@GetCall() call: Call): Promise<void> {
    if (!(await endSessionOf(this.db, sessionOf(call).user.id, call.id)))
      throw new DomainError('not_found', 'there is no such session');
  }

  @Endpoint('endOtherSessions')
  async endOthers(@GetCall() call: Call): Promise<void> {
    const { id, user } = sessionOf(call);
    await endSessionsOf(this.db, user.id, id);
  }
}
