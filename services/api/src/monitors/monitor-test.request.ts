import { eventSchemas, requests } from '@tocsin/contracts';
import { DomainError } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue } from '@tocsin/monitoring';
import type { NatsHandle } from '@tocsin/service-kit';
import { z } from 'zod';
import { timeoutMsOf } from './monitor-test.js';

/** Beyond the check's own limit: what it takes to ask and to tell. */
const ROAD_MS = 4_000;

const answer = z.union([
  z.object({ result: eventSchemas.CheckCompleted }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);

/**
 * Has an executor of the location make a check that nobody records.
 * @throws DomainError `unavailable` when none answers, `too_many_requests` when it has enough to do
 */
export async function askForCheck(nats: NatsHandle, due: CheckDue): Promise<CheckCompleted> {
  const connection = nats.isConnected() ? nats.current() : undefined;
  const nobody = `no executor answers at the location ${due.location}: try again when one runs`;
  if (connection === undefined) throw new DomainError('unavailable', nobody);
  const timeout = timeoutMsOf(due) + ROAD_MS;
  const reply = await connection
    .request(requests.testCheck(due.location), JSON.stringify(due), { timeout })
    .catch(() => {
      throw new DomainError('unavailable', nobody);
    });
  const told = answer.safeParse(reply.json());
  if (!told.success)
    throw new DomainError('unavailable', `the executor at ${due.location} is of another release`);
  if ('result' in told.data) return told.data.result;
  const { code, message } = told.data.error;
  throw new DomainError(code === 'busy' ? 'too_many_requests' : 'unavailable', message);
}
