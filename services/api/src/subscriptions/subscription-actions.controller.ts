import { Controller, Inject } from '@nestjs/common';
import { requests } from '@tocsin/contracts';
import {
  type ProviderTestAnswer,
  providerTestAnswer,
  type replayInput,
  type rotationInput,
  type SubscriptionView,
} from '@tocsin/http-api';
import { addMs, DomainError } from '@tocsin/kernel';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import * as wiring from '../wiring.js';
import { changeSettings, newSigningSecret, withoutPrevious } from './change-subscription.store.js';
import { startOf, viewOf } from './subscription.js';
import { findSubscription } from './subscription.store.js';
import { renewed, subscriptionStates } from './subscription-state.store.js';

/** A subscriber may take its time to answer, and the asker's own request ends some time. */
const ANSWER_WITHIN_MS = 35_000;
const HOUR_MS = 3_600_000;

type Settled = Parameters<typeof changeSettings>[2];

@Controller()
export class SubscriptionActionsController {
  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(wiring.EVENT_LOG) private readonly log: wiring.Log,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
    @Inject(wiring.NATS) private readonly nats: NatsHandle,
    @Inject(wiring.LOGGER) private readonly logger: Logger,
  ) {}

  @Endpoint('resumeSubscription')
  resume(@GetCall() call: Call): Promise<SubscriptionView> {
    const resumedAt = this.clock();
    return this.#change(call, (full) => ({ config: { ...full, resumedAt }, columns: { enabled: true } }));
  }

  @Endpoint('replaySubscription')
  replay(@GetCall() call: Call<z.output<typeof replayInput>>): Promise<SubscriptionView> {
    const start_at = startOf(call.body.from, this.clock());
    return this.#change(call, (full, revision) => ({
      config: { ...full, startRevision: revision },
      columns: { start_at },
    }));
  }

  @Endpoint('rotateSubscriptionSecret')
  rotate(@GetCall() call: Call<z.output<typeof rotationInput>>): Promise<SubscriptionView> {
    const { keepPreviousHours: hours } = call.body;
    const signingSecret = newSigningSecret();
    const previousSecretUntil = addMs(this.clock(), hours * HOUR_MS);
    return this.#change(
      call,
      (full) => ({
        config: {
          ...withoutPrevious(full),
          signingSecret,
          ...(hours === 0 ? {} : { previousSigningSecret: full.signingSecret, previousSecretUntil }),
        },
      }),
      signingSecret,
    );
  }

  @Endpoint('testSubscription')
  async test(@GetCall() call: Call): Promise<ProviderTestAnswer> {
    const { id, revision, project } = await findSubscription(this.db, call.caller.project, call.id);
    return await this.changes.act(call, () => this.#ask({ subscriptionId: id, revision, project }));
  }

  async #change(call: Call, change: Settled, signingSecret?: string): Promise<SubscriptionView> {
    const before = await findSubscription(this.db, call.caller.project, call.id);
    const told = await subscriptionStates(this.db, this.log, [before]);
    return await this.changes.accept(call, async (tx) => {
      const row = await changeSettings(tx, call, change, this.keys, this.clock());
      return viewOf(row, renewed(told(call.id)), signingSecret);
    });
  }

  async #ask(question: {
    readonly subscriptionId: string;
    readonly revision: number;
    readonly project: string;
  }) {
    const connection = this.nats.isConnected() ? this.nats.current() : undefined;
    if (connection === undefined) throw unavailable();
    try {
      const options = { timeout: ANSWER_WITHIN_MS };
      const reply = await connection.request(requests.testSubscription, JSON.stringify(question), options);
      return providerTestAnswer.parse(reply.json());
    } catch (error) {
      const { subscriptionId } = question;
      this.logger.warn({ err: error, subscriptionId }, 'notifier gave no answer to a test');
      throw unavailable();
    }
  }
}

const unavailable = (): DomainError =>
  new DomainError('unavailable', 'the notifier does not answer: try again when it runs');
