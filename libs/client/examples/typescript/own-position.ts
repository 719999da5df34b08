// Keeps its position where it keeps what it made of the events, so that the two can never disagree: here a file, with you
// a row in the same transaction.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { subscribe } from '@tocsin/client';

const { NATS_URL = 'nats://127.0.0.1:4222', TOCSIN_USER = '', TOCSIN_PASSWORD = '' } = process.env;
const file = process.env.STATE_FILE ?? 'downs.json';

interface State {
  cursor?: string;
  downs: Record<string, number>;
}
const read = (): State => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as State;
  } catch {
    return { downs: {} };
  }
};

const state = read();
const subscription = await subscribe(
  {
    servers: NATS_URL,
    user: TOCSIN_USER,
    pass: TOCSIN_PASSWORD,
    project: process.env.TOCSIN_PROJECT ?? 'default',
    from: state.cursor === undefined ? { time: new Date(Date.now() - 86_400_000) } : { cursor: state.cursor },
  },
  {
    StatusChanged: ({ data, cursor }) => {
      if (data.to === 'down') state.downs[data.targetId] = (state.downs[data.targetId] ?? 0) + 1;
      writeFileSync(`${file}.new`, JSON.stringify({ ...state, cursor }));
      renameSync(`${file}.new`, file);
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void subscription.stop());
await subscription.done;
