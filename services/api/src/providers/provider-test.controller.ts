import { Controller, Inject } from '@nestjs/common';
import { requests } from '@tocsin/contracts';
import { type ProviderTestAnswer, providerTestAnswer } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { DATABASE, type Database, LOGGER, NATS } from '../wiring.js';
import { findProvider } from './provider.store.js';

/** A provider may take its time to answer; the asker's own request ends after 30 s. */
const ANSWER_WITHIN_MS = 25_000;

interface Question {
  readonly providerId: string;
  /** the notifier waits until it knows this one */
  readonly revision: number;
  readonly project: string;
}

@Controller()
export class ProviderTestController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(NATS) private readonly nats: NatsHandle,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Endpoint('testNotificationProvider')
  async test(@GetCall() call: Call): Promise<ProviderTestAnswer> {
    const { id, revision, project } = await findProvider(this.db, call.caller.project, call.id);
    return await this.changes.act(call, () => this.#ask({ providerId: id, revision, project }));
  }

  async #ask(question: Question): Promise<ProviderTestAnswer> {
    const connection = this.nats.isConnected() ? this.nats.current() : undefined;
    if (connection === undefined) throw unavailable();
    try {
      const payload = JSON.stringify(question);
      const reply = await connection.request(requests.testProvider, payload, { timeout: ANSWER_WITHIN_MS });
      return providerTestAnswer.parse(reply.json());
    } catch (error) {
      this.logger.warn({ err: error, providerId: question.providerId }, 'notifier gave no answer to a test');
      throw unavailable();
    }
  }
}

const unavailable = (): DomainError =>
  new DomainError('unavailable', 'the notifier does not answer: try again when it runs');
