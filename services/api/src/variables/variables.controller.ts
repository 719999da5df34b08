import { Controller, Inject } from '@nestjs/common';
import {
  type Page,
  type VariableInput,
  type VariablePatch,
  type VariableView,
  variableCursor,
  type variableListQuery,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { patched } from '../changes/owner.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import * as wiring from '../wiring.js';
import { createVariable, deleteVariable, reviseVariable } from './change-variable.store.js';
import { viewOf } from './variable.js';
import { findVariable, listVariables } from './variable.store.js';

@Controller()
export class VariablesController {
  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
  ) {}

  @Endpoint('listVariables')
  async list(@GetCall() { caller, query }: Call<unknown, z.output<typeof variableListQuery>>) {
    const rows = await listVariables(this.db, caller.project, query);
    const { items, nextCursor } = pageFrom(rows, query.limit, ({ name }) => variableCursor.encode([name]));
    return { items: items.map(viewOf), nextCursor } satisfies Page<VariableView>;
  }

  @Endpoint('createVariable')
  create(@GetCall() call: Call<VariableInput>): Promise<VariableView> {
    return this.changes.accept(call, async (tx) =>
      viewOf(await createVariable(tx, call, this.keys, this.clock())),
    );
  }

  @Endpoint('getVariable')
  async get(@GetCall() { caller, id }: Call): Promise<VariableView> {
    return viewOf(await findVariable(this.db, caller.project, id));
  }

  @Endpoint('replaceVariable')
  replace(@GetCall() call: Call): Promise<VariableView> {
    return this.#revise(call, () => call.body);
  }

  @Endpoint('updateVariable')
  update(@GetCall() call: Call<VariablePatch>): Promise<VariableView> {
    return this.#revise(call, (shown) => patched(shown, call.body));
  }

  @Endpoint('deleteVariable')
  remove(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => deleteVariable(tx, call, this.clock()));
  }

  #revise(call: Call, next: (shown: JsonObject) => unknown): Promise<VariableView> {
    return this.changes.accept(call, async (tx) =>
      viewOf(await reviseVariable(tx, call, next, this.keys, this.clock())),
    );
  }
}
