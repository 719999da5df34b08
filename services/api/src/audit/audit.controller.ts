import { Readable } from 'node:stream';
import { Controller, Inject, Res } from '@nestjs/common';
import {
  type AuditEntry,
  type AuditQuery,
  auditCursor,
  type auditExportQuery,
  type Page,
  type Revision,
  revisionCursor,
  type revisionQuery,
} from '@tocsin/http-api';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { DATABASE, type Database } from '../wiring.js';
import { exportAudit, listAudit } from './audit.store.js';
import { listRevisions, type Revised } from './revisions.store.js';

type RevisionsCall = Call<unknown, z.output<typeof revisionQuery>>;

@Controller()
export class AuditController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Endpoint('listAudit')
  async audit(@GetCall() { caller, query }: Call<unknown, AuditQuery>): Promise<Page<AuditEntry>> {
    const found = await listAudit(this.db, caller.project, query);
    return pageFrom(found, query.limit, ({ at, id }) => auditCursor.encode([at, id]));
  }

  @Endpoint('exportAudit')
  export(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof auditExportQuery>>,
    @Res() reply: FastifyReply,
  ): void {
    const lines = Readable.from(exportAudit(this.db, caller.project, query), { objectMode: false });
    void reply
      .headers({ 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="audit.jsonl"' })
      .type('application/x-ndjson; charset=utf-8')
      .send(lines);
  }

  @Endpoint('listMonitorRevisions')
  monitor(@GetCall() call: RevisionsCall): Promise<Page<Revision>> {
    return this.#revisions('monitor', call);
  }

  @Endpoint('listJobRevisions')
  job(@GetCall() call: RevisionsCall): Promise<Page<Revision>> {
    return this.#revisions('job', call);
  }

  @Endpoint('listTestRevisions')
  test(@GetCall() call: RevisionsCall): Promise<Page<Revision>> {
    return this.#revisions('test', call);
  }

  @Endpoint('listNotificationProviderRevisions')
  provider(@GetCall() call: RevisionsCall): Promise<Page<Revision>> {
    return this.#revisions('provider', call);
  }

  @Endpoint('listSubscriptionRevisions')
  subscription(@GetCall() call: RevisionsCall): Promise<Page<Revision>> {
    return this.#revisions('subscription', call);
  }

  async #revisions(kind: Revised['kind'], { caller, id, query }: RevisionsCall): Promise<Page<Revision>> {
    const found = await listRevisions(this.db, { kind, project: caller.project, id }, query);
    return pageFrom(found, query.limit, ({ revision }) => revisionCursor.encode([revision]));
  }
}
