import { Controller, Inject, type OnModuleDestroy, Res } from '@nestjs/common';
import { DomainError } from '@tocsin/kernel';
import type { Logger, Metrics, NatsHandle } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import { notFound } from '../../changes/revision.js';
import { type Call, GetCall } from '../../http/call.js';
import { eventStreams } from '../../http/event-streams.js';
import { Endpoint } from '../../http/route-of.js';
import * as wiring from '../../wiring.js';
import { findRun, showRunView } from '../runs/runs.store.js';
import { followRun } from './follow-run.js';
import { runOutput } from './run-output.reader.js';

const HEARTBEAT_MS = 15_000;
/** What becomes of a run is in Postgres; who watches one is few. */
const LOOK_EVERY_MS = 1000;
const MOST_CLIENTS = 200;

@Controller()
export class RunOutputController implements OnModuleDestroy {
  readonly #clients = eventStreams(MOST_CLIENTS);

  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.NATS) private readonly nats: NatsHandle,
    @Inject(wiring.LOGGER) private readonly logger: Logger,
    @Inject(wiring.METRICS) metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'run_output_clients',
      help: 'Clients that follow the output of a run',
      collect: (gauge) => gauge.set(this.#clients.size),
    });
  }

  onModuleDestroy(): void {
    this.#clients.close();
  }

  @Endpoint('streamRunOutput')
  async stream(@GetCall() { caller, id, headers }: Call, @Res() reply: FastifyReply): Promise<void> {
    const after = sequenceOf(headers['last-event-id'] ?? '');
    const { project } = caller;
    if ((await findRun(this.db, project, id)) === undefined) throw notFound('run');
    this.#clients.requireRoom();
    const { nats, logger } = this;
    this.#clients.send(reply, (signal) =>
      followRun({
        output: runOutput({ nats, project, runId: id, logger }),
        look: () => this.#look(project, id),
        after,
        lookEveryMs: LOOK_EVERY_MS,
        heartbeatMs: HEARTBEAT_MS,
        signal,
      }),
    );
  }

  async #look(project: string, id: string) {
    const run = await findRun(this.db, project, id);
    return run === undefined ? undefined : await showRunView(this.db, run, this.clock());
  }
}

/** @throws DomainError naming the header */
function sequenceOf(lastEventId: string): number {
  if (lastEventId === '') return 0;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  const message = 'must be the id of an event of this stream, or left out';
  throw new DomainError('validation_failed', `Last-Event-ID ${message}`, [
    { field: 'Last-Event-ID', message },
  ]);
}
