import { Controller, Inject } from '@nestjs/common';
import {
  type Page,
  type TokenCreated,
  type TokenInput,
  type TokenView,
  tokenCursor,
  type tokenListQuery,
} from '@tocsin/http-api';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { authorOf, recordAccess } from '../people/change.store.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { insertToken, listTokens, revokeToken } from './token.store.js';

@Controller()
export class TokensController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('listTokens')
  async list(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof tokenListQuery>>,
  ): Promise<Page<TokenView>> {
    const [after] = query.cursor === undefined ? [undefined] : tokenCursor.decode(query.cursor);
    const found = await listTokens(this.db, caller.project, after, query.limit + 1);
    return pageFrom(found, query.limit, ({ id }) => tokenCursor.encode([id]));
  }

  @Endpoint('createToken')
  create(@GetCall() call: Call<TokenInput>): Promise<TokenCreated> {
    return this.changes.accept(call, async (tx) => {
      const now = this.clock();
      const made = await insertToken(tx, call.caller.project, call.body, now);
      const { id, name, scopes, expiresAt } = made;
      const change = { kind: 'token', action: 'created', id, name } as const;
      await recordAccess(tx, authorOf(call.caller), { ...change, after: { name, scopes, expiresAt } }, now);
      return made;
    });
  }

  @Endpoint('revokeToken')
  revoke(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, async (tx) => {
      const now = this.clock();
      const { id, name, scopes } = await revokeToken(tx, call.caller.project, call.id, now);
      const change = { kind: 'token', action: 'deleted', id, name } as const;
      await recordAccess(tx, authorOf(call.caller), { ...change, before: { name, scopes } }, now);
    });
  }
}
