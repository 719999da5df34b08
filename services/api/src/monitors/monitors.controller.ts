import { Controller, Inject } from '@nestjs/common';
import type { MonitorInput, MonitorListQuery, MonitorPatch, MonitorView, Page } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import { CHANGES, type Changes, type Tx } from '../changes/change.store.js';
import { patched } from '../changes/owner.js';
import type { MonitorRow } from '../database.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { MONITOR_UNSEEN, type MonitorSeen, monitorsSeen } from '../reading/monitor-seen.store.js';
import * as wiring from '../wiring.js';
import { createMonitor, deleteMonitor, reviseMonitor, switchMonitor } from './change-monitor.store.js';
import { listMonitors } from './list-monitors.store.js';
import { findMonitor } from './monitor.store.js';
import { monitorViewOf, monitorViews, type Viewing } from './monitor-view.store.js';

@Controller()
export class MonitorsController {
  readonly #viewing: Viewing;

  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
    @Inject(wiring.PUBLIC_URL) publicUrl: string | undefined,
  ) {
    this.#viewing = { keys, publicUrl };
  }

  @Endpoint('listMonitors')
  async list(@GetCall() call: Call<unknown, MonitorListQuery>): Promise<Page<MonitorView>> {
    const page = await listMonitors(this.db, call.caller.project, call.query);
    const seen = await this.#seen(page.items.map(({ id }) => id));
    const items = await monitorViews(this.db, call, page.items, seen, this.#viewing);
    return { items, nextCursor: page.nextCursor };
  }

  @Endpoint('createMonitor')
  create(@GetCall() call: Call<MonitorInput>): Promise<MonitorView> {
    return this.changes.accept(call, async (tx) => {
      const row = await createMonitor(tx, call, this.keys, this.clock());
      return await monitorViewOf(tx, call, row, MONITOR_UNSEEN, this.#viewing);
    });
  }

  @Endpoint('getMonitor')
  async get(@GetCall() call: Call): Promise<MonitorView> {
    const row = await findMonitor(this.db, call.caller.project, call.id);
    const seen = await this.#seen([row.id]);
    return await monitorViewOf(this.db, call, row, seen(row.id), this.#viewing);
  }

  @Endpoint('replaceMonitor')
  replace(@GetCall() call: Call): Promise<MonitorView> {
    return this.#change(call, (tx) => reviseMonitor(tx, call, () => call.body, this.keys, this.clock()));
  }

  @Endpoint('updateMonitor')
  update(@GetCall() call: Call<MonitorPatch>): Promise<MonitorView> {
    const next = (shown: JsonObject) => patched(shown, call.body);
    return this.#change(call, (tx) => reviseMonitor(tx, call, next, this.keys, this.clock()));
  }

  @Endpoint('deleteMonitor')
  remove(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => deleteMonitor(tx, call, this.clock()));
  }

  @Endpoint('pauseMonitor')
  pause(@GetCall() call: Call): Promise<MonitorView> {
    return this.#change(call, (tx) => switchMonitor(tx, call, false, this.clock()));
  }

  @Endpoint('resumeMonitor')
  resume(@GetCall() call: Call): Promise<MonitorView> {
    return this.#change(call, (tx) => switchMonitor(tx, call, true, this.clock()));
  }

  #seen(ids: readonly string[]): Promise<(id: string) => MonitorSeen> {
    return monitorsSeen(this.db, ids, this.clock());
  }

  /** The status is read before: inside, a view that is not there yet would end the transaction. */
  async #change(call: Call, change: (tx: Tx) => Promise<MonitorRow>): Promise<MonitorView> {
    const seen = await this.#seen([call.id]);
    return await this.changes.accept(call, async (tx) =>
      monitorViewOf(tx, call, await change(tx), seen(call.id), this.#viewing),
    );
  }
}
