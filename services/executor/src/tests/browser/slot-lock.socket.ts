import { createServer, type Server } from 'node:net';

const held = new Map<number, Server>();

/**
 * Locks a user id for this process, against all others on the machine, until it ends however it ends: a name that the
 * kernel gives to one socket at a time, in no folder and with nobody listening. @returns false when another has it
 */
export function lockUser(uid: number): Promise<boolean> {
  if (held.has(uid)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(`\0tocsin-test-user-${uid}`, () => {
      server.unref();
      held.set(uid, server);
      resolve(true);
    });
  });
}
