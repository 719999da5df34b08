import { Controller, Inject } from '@nestjs/common';
import type { AlertExplanation, ExplanationQuery, TargetExplanation } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { alertFacts } from './alert-facts.store.js';
import { explainAlert } from './explain-alert.js';
import { explainTarget, openAt } from './explain-target.js';
import { targetFacts } from './target-facts.store.js';
import { notToldOf } from './tell.js';

type At = Call<unknown, ExplanationQuery>;

@Controller()
export class ExplainingController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('explainAlert')
  async alert(@GetCall() { caller, id }: Call): Promise<AlertExplanation> {
    const facts = await alertFacts(this.db, caller.project, id);
    if (facts === undefined) throw new DomainError('not_found', `there is no alert ${id}`);
    return explainAlert(facts);
  }

  @Endpoint('explainMonitor')
  monitor(@GetCall() call: At): Promise<TargetExplanation> {
    return this.#target('monitor', call);
  }

  @Endpoint('explainJob')
  job(@GetCall() call: At): Promise<TargetExplanation> {
    return this.#target('job', call);
  }

  async #target(kind: TargetKind, { caller, id, query }: At): Promise<TargetExplanation> {
    const at = query.at ?? this.clock();
    const facts = await targetFacts(this.db, caller.project, kind, id, at);
    const open = await Promise.all(
      openAt(facts.alerts, at).map((alert) => alertFacts(this.db, caller.project, alert.id)),
    );
    const notTold = open
      .filter((alert) => alert !== undefined)
      .flatMap((alert) => notToldOf({ ...alert, events: alert.events.filter(({ time }) => time <= at) }));
    return explainTarget(facts, notTold);
  }
}
