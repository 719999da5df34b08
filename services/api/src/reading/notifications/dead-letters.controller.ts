import { Controller, Inject } from '@nestjs/common';
import type { deadLetterQuery, NotificationView, Page } from '@tocsin/http-api';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { DATABASE, type Database } from '../../wiring.js';
import { listDeadLetters } from './notifications.store.js';

@Controller()
export class DeadLettersController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Endpoint('listDeadLetters')
  list(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof deadLetterQuery>>,
  ): Promise<Page<NotificationView>> {
    return listDeadLetters(this.db, caller.project, query);
  }
}
