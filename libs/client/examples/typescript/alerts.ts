// Says who has to get up, and when they may go back to bed.
//   npm install @tocsin/client
//   TOCSIN_USER=pager TOCSIN_PASSWORD=… node alerts.ts
import { subscribe } from '@tocsin/client';

const { NATS_URL = 'nats://127.0.0.1:4222', TOCSIN_USER = '', TOCSIN_PASSWORD = '' } = process.env;

const subscription = await subscribe(
  {
    servers: NATS_URL,
    user: TOCSIN_USER,
    pass: TOCSIN_PASSWORD,
    project: process.env.TOCSIN_PROJECT ?? 'default',
    // The server remembers where we are: after a restart, or a week away, it goes on from there
    durable: true,
    // … and the first time, from the very first event
    from: 'start',
  },
  {
    // A handler that throws gets the same event again, later; `id` is the same then: de-duplicate on it
    AlertRaised: ({ id, data }) => console.log(`${id} ${data.target.name}: ${data.type} since ${data.since}`),
    AlertResolved: ({ id, data }) => console.log(`${id} ${data.target.name}: ${data.reason}`),
    StatusChanged: ({ id, data }) => console.log(`${id} ${data.targetId}: ${data.from} -> ${data.to}`),
  },
);

// What was handled is remembered before we go
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void subscription.stop());
await subscription.done;
