import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { runJobInput, TriggerAnswer } from '@tocsin/http-api';
import { DomainError, type Instant, newId, toMs } from '@tocsin/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { bearerOf } from '../http/bearer.js';
import { type Call, GetCall } from '../http/call.js';
import { rateLimit } from '../http/rate-limit.js';
import { Endpoint } from '../http/route-of.js';
import { headersOf } from '../job-keys/allowance.js';
import { allowanceFor, takeStart } from '../job-keys/allowance.store.js';
import { type ValidKey, validKey } from '../job-keys/job-key.store.js';
import { CLOCK, type Clock, DATABASE, type Database, RUN_QUEUE_LIMIT } from '../wiring.js';
import { requestRun } from './request-run.store.js';

/** Guessing is hopeless; this bounds what it costs us. */
const UNKNOWN_PER_IP = { perSecond: 1, burst: 20 };

@Controller()
export class TriggerController {
  readonly #strangers;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RUN_QUEUE_LIMIT) private readonly queueLimit: number,
  ) {
    this.#strangers = rateLimit(UNKNOWN_PER_IP, () => toMs(clock()));
  }

  @Endpoint('runJob')
  run(@GetCall() call: Call): Promise<TriggerAnswer> {
    return this.#byHand(call, call.id);
  }

  @Endpoint('runJobNamed')
  runNamed(@GetCall() call: Call<z.output<typeof runJobInput>>): Promise<TriggerAnswer> {
    return this.#byHand(call, call.body.jobId);
  }

  /** Every answer says what the key may still do, a refusal too. */
  @Endpoint('triggerJob')
  async trigger(
    @GetCall() call: Call,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TriggerAnswer> {
    const now = this.clock();
    const key = await this.#keyOf(call, request, now);
    try {
      return await this.#byKey(call, key, now);
    } catch (error) {
      const { remaining, resetSeconds } = await allowanceFor(this.db, key, now);
      if (remaining === 0) void reply.header('retry-after', String(resetSeconds));
      throw error;
    } finally {
      void reply.headers(headersOf(await allowanceFor(this.db, key, now), now));
    }
  }

  #byKey(call: Call, key: ValidKey, now: Instant): Promise<TriggerAnswer> {
    const caller = {
      kind: 'key',
      tokenId: key.id,
      name: key.name,
      project: key.project,
      scopes: [],
    } as const;
    const asked = { jobId: call.id, trigger: 'remote', now, queueLimit: this.queueLimit } as const;
    return this.changes.accept({ ...call, caller }, async (tx) => {
      const runId = newId();
      await takeStart(tx, key, runId, now);
      return await requestRun(tx, caller, { ...asked, runId });
    });
  }

  #byHand(call: Call, jobId: string): Promise<TriggerAnswer> {
    const asked = { jobId, trigger: 'manual', now: this.clock(), queueLimit: this.queueLimit } as const;
    return this.changes.accept(call, (tx) => requestRun(tx, call.caller, { ...asked, runId: newId() }));
  }

  async #keyOf({ id, ip }: Call, request: FastifyRequest, now: Instant): Promise<ValidKey> {
    const key = await validKey(this.db, id, bearerOf(request), now);
    if (key !== undefined) return key;
    if (!this.#strangers.allow(ip))
      throw new DomainError('too_many_requests', 'too many requests without a valid key');
    throw new DomainError(
      'unauthorized',
      'send authorization: Bearer <key> with a key of this job that is valid',
    );
  }
}
