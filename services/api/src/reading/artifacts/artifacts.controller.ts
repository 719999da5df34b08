import { Readable } from 'node:stream';
import { Controller, Inject, Res } from '@nestjs/common';
import type { ArtifactStore, StoredArtifact } from '@tocsin/artifacts';
import { DomainError } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { FastifyReply } from 'fastify';
import { notFound } from '../../changes/revision.js';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { ARTIFACTS, DATABASE, type Database, LOGGER } from '../../wiring.js';
import { findRun } from '../runs/runs.store.js';
import { artifactHeaders, isReport } from './artifact-headers.js';
import { sandboxedReport } from './sandboxed-report.js';

@Controller()
export class ArtifactsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ARTIFACTS) private readonly artifacts: Pick<ArtifactStore, 'get'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** What the run is known to have left, and nothing else that may be stored: the name is looked up, never trusted. */
  @Endpoint('getArtifact')
  async get(@GetCall() { caller, id, params }: Call, @Res() reply: FastifyReply): Promise<void> {
    const run = await findRun(this.db, caller.project, id);
    const artifact = run?.artifacts.find(({ name }) => name === params.name);
    if (artifact === undefined) throw notFound('artifact');
    const stored = await this.#stored(`${caller.project}/${id}/${artifact.name}`);
    if (stored === undefined)
      throw new DomainError('not_found', 'the artifact is not kept any more: its time is over');
    const isPage = isReport(artifact);
    if (!isPage) void reply.header('content-length', String(stored.size));
    const content = isPage ? sandboxedReport(stored.stream()) : stored.stream();
    void reply.headers(artifactHeaders(artifact)).send(Readable.from(content, { objectMode: false }));
  }

  async #stored(key: string): Promise<StoredArtifact | undefined> {
    try {
      return await this.artifacts.get(key);
    } catch (error) {
      this.logger.warn({ err: error }, 'an artifact cannot be read');
      throw new DomainError('unavailable', 'the storage of artifacts does not answer: try again soon');
    }
  }
}
