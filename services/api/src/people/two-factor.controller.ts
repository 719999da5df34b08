import { Controller, Inject, Res } from '@nestjs/common';
import { parseInput, type RecoveryCodes, type TwoFactorStart, twoFactorInput } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { FastifyReply } from 'fastify';
import type { Tx } from '../changes/change.store.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database, SECRET_KEYS, type SecretKeys } from '../wiring.js';
import { forgiveAttempt } from './attempts.store.js';
import { giveSession, sessionOf, tellingWhen } from './browser.js';
import { authorOf, recordUserChange } from './change.store.js';
import { endSessionsOf, rotateSession } from './session.store.js';
import { PEOPLE, type PeopleSettings } from './settings.js';
import { countAttempt, guesserOf } from './sign-in.js';
import type { UserRow } from './tables.js';
import { totpUri } from './two-factor.js';
import { confirmTwoFactor, offerTwoFactor, removeTwoFactor, takeCode } from './two-factor.store.js';
import { hasTwoFactor } from './user.js';
import { lockUser } from './user.store.js';

@Controller()
export class TwoFactorController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SECRET_KEYS) private readonly keys: SecretKeys,
    @Inject(PEOPLE) private readonly people: PeopleSettings,
  ) {}

  @Endpoint('startTwoFactor')
  async start(@GetCall() call: Call): Promise<TwoFactorStart> {
    const { email } = sessionOf(call).user;
    const secret = await this.#withUser(call, (tx, user) => offerTwoFactor(tx, user, this.keys));
    return { uri: totpUri(secret, email), secret };
  }

  /** Whoever else is signed in as this user has shown no code: they are asked again. */
  @Endpoint('confirmTwoFactor')
  async confirm(
    @GetCall() call: Call,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodes> {
    const { code } = parseInput(twoFactorInput, call.body);
    const now = this.clock();
    const { id } = sessionOf(call);
    const { codes, secret } = await this.#guessing(call, reply, () =>
      this.#withUser(call, async (tx, before) => {
        const made = await confirmTwoFactor(tx, before, code, this.keys, now);
        if (made === undefined) throw wrongCode();
        const after = await lockUser(tx, before.project, before.id);
        await recordUserChange(tx, authorOf(call.caller), { action: 'two_factor_on', before, after }, now);
        await endSessionsOf(tx, before.id, id);
        return { codes: made, secret: await rotateSession(tx, id) };
      }),
    );
    giveSession(reply, call, secret, this.people.sessions);
    return { recoveryCodes: codes };
  }

  @Endpoint('endTwoFactor')
  async end(
    @GetCall() call: Call<{ readonly code: string }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const now = this.clock();
    await this.#guessing(call, reply, () =>
      this.#withUser(call, async (tx, before) => {
        if (!hasTwoFactor(before)) throw new DomainError('conflict', 'codes are not asked for');
        if (!(await takeCode(tx, before, call.body.code, this.keys, now))) throw wrongCode();
        await removeTwoFactor(tx, before.id);
        const after = await lockUser(tx, before.project, before.id);
        await recordUserChange(tx, authorOf(call.caller), { action: 'two_factor_off', before, after }, now);
      }),
    );
  }

  async #guessing<T>(call: Call, reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    const guesser = guesserOf(sessionOf(call).user.email, call.ip);
    await tellingWhen(reply, () => countAttempt(this.db, guesser, this.clock()));
    const done = await work();
    await forgiveAttempt(this.db, guesser);
    return done;
  }

  #withUser<T>(call: Call, work: (tx: Tx, user: UserRow) => Promise<T>): Promise<T> {
    const { user } = sessionOf(call);
    return this.db
      .transaction()
      .execute(async (tx) => await work(tx, await lockUser(tx, user.project, user.id)));
  }
}

const wrongCode = (): DomainError =>
  new DomainError('validation_failed', 'code: is wrong or was used: give the next one', [
    { field: 'code', message: 'is wrong or was used: give the next one' },
  ]);
