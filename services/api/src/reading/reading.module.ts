import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { EventLog } from '@tocsin/event-log';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyInstance } from 'fastify';
import { EVENT_LOG, LOGGER, PUBLIC_URL } from '../wiring.js';
import { AlertReadingController } from './alerts/alerts.controller.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { BarsController } from './bars/bars.controller.js';
import { addDocs } from './docs/docs.routes.js';
import { EventsController, LIVE_FEED } from './events/events.controller.js';
import { createLiveFeed } from './events/live-feed.loop.js';
import { DeadLettersController } from './notifications/dead-letters.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { ResultsController } from './results/results.controller.js';
import { RunOutputController } from './run-output/run-output.controller.js';
import { RunsController } from './runs/runs.controller.js';

/** What the other services have made of the log, shown: nothing here writes. */
@Module({
  controllers: [
    OverviewController,
    BarsController,
    ResultsController,
    RunsController,
    RunOutputController,
    ArtifactsController,
    AlertReadingController,
    DeadLettersController,
    EventsController,
  ],
  providers: [
    {
      provide: LIVE_FEED,
      inject: [EVENT_LOG, LOGGER],
      useFactory: (log: EventLog, logger: Logger) => createLiveFeed({ log, logger }),
    },
  ],
})
export class ReadingModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  onModuleInit(): void {
    addDocs(this.adapter.httpAdapter.getInstance<FastifyInstance>(), this.publicUrl);
  }
}
