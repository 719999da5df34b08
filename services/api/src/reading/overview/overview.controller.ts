import { Controller, Inject } from '@nestjs/common';
import type { Overview, TagCounts } from '@tocsin/http-api';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../../wiring.js';
import { readOverview } from './overview.store.js';
import { countTags } from './tags.store.js';

@Controller()
export class OverviewController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('getOverview')
  overview(@GetCall() { caller }: Call): Promise<Overview> {
    return readOverview(this.db, caller.project, this.clock());
  }

  @Endpoint('listTags')
  tags(@GetCall() { caller }: Call): Promise<TagCounts> {
    return countTags(this.db, caller.project);
  }
}
