import type { Logger, NatsHandle } from '@tocsin/service-kit';
import type { EventLog } from './event-log.js';

export interface JetStreamLogOptions {
  readonly nats: NatsHandle;
  readonly logger: Logger;
}

export function createJetStreamLog(_options: JetStreamLogOptions): EventLog {
  throw new Error('not written yet');
}
