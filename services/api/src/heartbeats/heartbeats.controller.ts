import { Controller, Inject } from '@nestjs/common';
import { appendEvents } from '@tocsin/event-log';
import type { heartbeatAnswer } from '@tocsin/http-api';
import { DomainError, toMs } from '@tocsin/kernel';
import type { z } from 'zod';
import { RESULT_OUTBOX } from '../event-tables.js';
import { type Call, GetCall } from '../http/call.js';
import { rateLimit } from '../http/rate-limit.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { heartbeatReceived } from './heartbeat.js';
import { findByToken } from './heartbeat.store.js';

type HeartbeatAnswer = z.output<typeof heartbeatAnswer>;

/** The shortest interval is a second; a sender that repeats itself may be a little faster. */
const PER_TOKEN = { perSecond: 5, burst: 30 };
/** Guessing is hopeless; this bounds what it costs us. */
const UNKNOWN_PER_IP = { perSecond: 1, burst: 20 };

/** No token but the one in the address: answered when the heartbeat is in Postgres. */
@Controller()
export class HeartbeatsController {
  readonly #senders;
  readonly #strangers;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const nowMs = () => toMs(clock());
    this.#senders = rateLimit(PER_TOKEN, nowMs);
    this.#strangers = rateLimit(UNKNOWN_PER_IP, nowMs);
  }

  @Endpoint('getHeartbeat')
  get(@GetCall() call: Call): Promise<HeartbeatAnswer> {
    return this.#receive(call, false);
  }

  @Endpoint('postHeartbeat')
  post(@GetCall() call: Call<string>): Promise<HeartbeatAnswer> {
    return this.#receive(call, false, call.body);
  }

  @Endpoint('getHeartbeatFailure')
  getFailure(@GetCall() call: Call): Promise<HeartbeatAnswer> {
    return this.#receive(call, true);
  }

  @Endpoint('postHeartbeatFailure')
  postFailure(@GetCall() call: Call<string>): Promise<HeartbeatAnswer> {
    return this.#receive(call, true, call.body);
  }

  async #receive({ params, ip }: Call, failed: boolean, text = ''): Promise<HeartbeatAnswer> {
    const token = params.token ?? '';
    if (!this.#senders.allow(token)) throw tooMany();
    const monitor = await findByToken(this.db, token);
    if (monitor === undefined) {
      if (!this.#strangers.allow(ip)) throw tooMany();
      throw new DomainError('not_found', 'no monitor expects a heartbeat here');
    }
    const { id: monitorId, project, revision } = monitor;
    const receivedAt = this.clock();
    const event = heartbeatReceived({ monitorId, project, revision, failed, text, receivedAt });
    await this.db.transaction().execute((tx) => appendEvents(tx, RESULT_OUTBOX, [{ event }]));
    return { ok: true, monitorId, receivedAt };
  }
}

const tooMany = (): DomainError =>
  new DomainError('too_many_requests', 'too many heartbeats at once: try again in a second');
