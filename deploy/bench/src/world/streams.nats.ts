import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { Stack } from './stack.process.js';

/** Asks how far streams are. */
export async function streamsOf({ connection }: Stack) {
  const jsm: JetStreamManager = await jetstreamManager(connection);
  return {
    last: async (name: string) => (await jsm.streams.info(name)).state.last_seq,
    held: async (name: string) => (await jsm.streams.info(name)).state.messages,
  };
}
