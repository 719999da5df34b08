import { randomUUID } from 'node:crypto';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { access } from './access.js';
import { SubscriptionError } from './errors.js';

const saved = z.object({ cursor: z.string(), project: z.string(), owner: z.string() });
const answer = z.object({
  seq: z.number().optional(),
  error: z.object({ err_code: z.number(), description: z.string() }).optional(),
});
const WRONG_LAST_SEQUENCE = 10_071;

export interface PositionKeeper {
  /** where this identity was, in this project */
  load: () => Promise<string | undefined>;
  /** @throws SubscriptionError `position_taken` when somebody else has moved it since */
  save: (cursor: string) => Promise<void>;
}

/** The position that the server keeps for one identity. Whoever began last has it: an earlier process finds it taken. */
export function positionKeeper(nc: NatsConnection, identity: string, project: string): PositionKeeper {
  const owner = randomUUID();
  let revision = 0;

  async function read() {
    const message = await nc.request(access.readPosition(identity), '', { timeout: 5_000 });
    const code = message.data.length === 0 ? message.headers?.code : undefined;
    if (code === 404) return { revision: 0, body: undefined };
    if (code) throw new Error(`the position cannot be read: ${code} ${message.headers?.description ?? ''}`);
    return {
      revision: Number(message.headers?.get('Nats-Sequence')),
      body: saved.safeParse(message.json()).data,
    };
  }

  return {
    async load() {
      const found = await read();
      revision = found.revision;
      return found.body?.project === project ? found.body.cursor : undefined;
    },
    async save(cursor) {
      const expected = headers();
      expected.set('Nats-Expected-Last-Subject-Sequence', String(revision));
      const body = JSON.stringify({ cursor, project, owner });
      const message = await nc.request(access.position(identity), body, {
        timeout: 5_000,
        headers: expected,
      });
      const { seq, error } = answer.parse(message.json());
      // An error comes with a number as well, 0
      if (error === undefined) {
        revision = seq ?? revision;
        return;
      }
      if (error.err_code !== WRONG_LAST_SEQUENCE)
        throw new Error(`the position cannot be kept: ${error.description}`);
      // A save whose answer was lost is ours all the same
      const found = await read();
      if (found.body?.owner !== owner)
        throw new SubscriptionError(
          'position_taken',
          `another process moves the position of "${identity}": an identity is for one process at a time, ask for one more`,
          cursor,
        );
      revision = found.revision;
      if (found.body.cursor !== cursor) await this.save(cursor);
    },
  };
}
