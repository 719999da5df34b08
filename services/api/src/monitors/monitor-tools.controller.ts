import { Controller, Inject } from '@nestjs/common';
import {
  type MonitorBulkAnswer,
  type MonitorBulkInput,
  type MonitorTestInput,
  monitorInput,
  parseInput,
  type ResultView,
} from '@tocsin/http-api';
import { newId } from '@tocsin/kernel';
import type { CheckDue } from '@tocsin/monitoring';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { refuseMasks } from '../secrets/masked.js';
import { requireTestOf } from '../tests/test-links.store.js';
import * as wiring from '../wiring.js';
import { changeMonitors } from './change-monitors.store.js';
import { secretPathsOf } from './monitor.js';
import { filledConfig } from './monitor-secrets.store.js';
import { resultOf, testDue } from './monitor-test.js';
import { askForCheck } from './monitor-test.request.js';

@Controller()
export class MonitorToolsController {
  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.NATS) private readonly nats: NatsHandle,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
    @Inject(wiring.LOGGER) private readonly logger: Logger,
  ) {}

  @Endpoint('testMonitor')
  async test(@GetCall() call: Call<MonitorTestInput>): Promise<ResultView> {
    const due = await this.#dueFor(call);
    return await this.changes.act(call, async () => resultOf(await askForCheck(this.nats, due)));
  }

  @Endpoint('changeMonitors')
  bulk(@GetCall() call: Call<MonitorBulkInput>): Promise<MonitorBulkAnswer> {
    const { changes, logger, clock } = this;
    return changes.act(call, () => changeMonitors({ changes, logger, clock }, call));
  }

  /** 1. fill in what was masked, 2. parse the whole, 3. say what is to be checked. */
  async #dueFor({ caller, body }: Call<MonitorTestInput>): Promise<CheckDue> {
    const { project } = caller;
    const config =
      body.id === undefined ? body.config : await filledConfig(this.db, project, body, this.keys);
    const { type, target } = body;
    const input = parseInput(monitorInput, { name: 'test', type, target, config });
    refuseMasks(input.config, secretPathsOf(input.type, input.config));
    await requireTestOf(this.db, { project, type: input.type, config: input.config });
    const monitorId = body.id ?? newId();
    return testDue(input, { monitorId, project, location: body.location, now: this.clock() });
  }
}
