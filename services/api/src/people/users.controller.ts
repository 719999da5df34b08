import { Controller, Inject, Res } from '@nestjs/common';
import {
  type Page,
  type UserCreated,
  type UserInput,
  type UserPatch,
  type UserView,
  userCursor,
  type userListQuery,
} from '@tocsin/http-api';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { giveSession } from './browser.js';
import { createUser, deleteUser, resetPassword, resetTwoFactor, updateUser } from './change-user.js';
import { oneTimePassword, requireGoodPassword } from './password.js';
import { hashPassword } from './password-hash.js';
import { rotateSession } from './session.store.js';
import { PEOPLE, type PeopleSettings } from './settings.js';
import { userView } from './user.js';
import { findUser, listUsers } from './user.store.js';

@Controller()
export class UsersController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEOPLE) private readonly people: PeopleSettings,
  ) {}

  @Endpoint('listUsers')
  async list(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof userListQuery>>,
  ): Promise<Page<UserView>> {
    const [after] = query.cursor === undefined ? [undefined] : userCursor.decode(query.cursor);
    const found = await listUsers(this.db, caller.project, after, query.limit + 1);
    const page = pageFrom(found, query.limit, ({ id }) => userCursor.encode([id]));
    return { items: page.items.map(userView), nextCursor: page.nextCursor };
  }

  /** The slow part is over before the transaction begins. */
  @Endpoint('createUser')
  async create(@GetCall() call: Call<UserInput>): Promise<UserCreated> {
    const { email, password: chosen } = call.body;
    if (chosen !== undefined) requireGoodPassword(chosen, email, 'password');
    const made = chosen === undefined ? oneTimePassword() : null;
    const passwordHash = await hashPassword(chosen ?? made ?? '');
    return await this.changes.accept(call, async (tx) => {
      const row = await createUser(tx, call, { passwordHash, isTemporary: made !== null }, this.clock());
      return { ...userView(row), password: made };
    });
  }

  @Endpoint('getUser')
  async show(@GetCall() { caller, id }: Call): Promise<UserView> {
    return userView(await findUser(this.db, caller.project, id));
  }

  @Endpoint('updateUser')
  async update(
    @GetCall() call: Call<UserPatch>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserView> {
    const { session } = call.caller;
    const { after, secret } = await this.changes.accept(call, async (tx) => {
      const { before, after: row } = await updateUser(tx, call, this.clock());
      // Who changed their own role goes on under another secret, if they may go on at all.
      const goesOn = session !== undefined && session.user.id === row.id && row.disabled_at === null;
      return {
        after: row,
        secret: goesOn && before.role !== row.role ? await rotateSession(tx, session.id) : undefined,
      };
    });
    if (secret !== undefined) giveSession(reply, call, secret, this.people.sessions);
    return userView(after);
  }

  @Endpoint('deleteUser')
  delete(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => deleteUser(tx, call, this.clock()));
  }

  @Endpoint('resetUserPassword')
  async resetPassword(@GetCall() call: Call): Promise<{ password: string }> {
    const password = oneTimePassword();
    const passwordHash = await hashPassword(password);
    return await this.changes.accept(call, async (tx) => {
      await resetPassword(tx, call, passwordHash, this.clock());
      return { password };
    });
  }

  @Endpoint('resetUserTwoFactor')
  resetTwoFactor(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => resetTwoFactor(tx, call, this.clock()));
  }
}
