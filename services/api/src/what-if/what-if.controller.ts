import { Controller, Inject } from '@nestjs/common';
import type { WhatIfAnswer, WhatIfInput } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { askWhatIf } from './ask-what-if.store.js';

@Controller()
export class WhatIfController {
  /** projects that are being answered: each goes through much, and one at a time is enough */
  readonly #asking = new Set<string>();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('whatIf')
  async ask(@GetCall() { caller, body }: Call<WhatIfInput>): Promise<WhatIfAnswer> {
    const { project } = caller;
    if (this.#asking.has(project))
      throw new DomainError('too_many_requests', 'another what-if is being answered: ask again in a moment');
    this.#asking.add(project);
    try {
      return await askWhatIf(this.db, project, body, this.clock());
    } finally {
      this.#asking.delete(project);
    }
  }
}
