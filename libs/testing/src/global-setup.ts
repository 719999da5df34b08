import path from 'node:path';
import { freePort, startNats, startPostgres, temporaryFolder } from '@tocsin/local-stack';
import type { TestProject } from 'vitest/node';
import { type SharedServers, startContainers } from './containers.server.js';

declare module 'vitest' {
  interface ProvidedContext extends SharedServers {}
}

/** One Postgres and one NATS for all test files of a project: `globalSetup: ['../testing/src/global-setup.ts']`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TOCSIN_TEST_SERVERS === 'containers') {
    const { servers, stop } = await startContainers();
    project.provide('pgUrl', servers.pgUrl);
    project.provide('natsUrl', servers.natsUrl);
    return stop;
  }
  const folder = temporaryFolder();
  const [pgPort, natsPort] = [await freePort(), await freePort()];
  const started = await Promise.allSettled([
    startPostgres({ dir: path.join(folder.dir, 'pg'), port: pgPort, password: 'test', durable: false }),
    startNats({ dir: path.join(folder.dir, 'nats'), port: natsPort, syncInterval: 'default' }),
  ]);
  const teardown = async () => {
    await Promise.all(started.filter((one) => one.status === 'fulfilled').map((one) => one.value.stop()));
    folder.remove();
  };
  const [pg, nats] = started;
  if (pg.status === 'rejected' || nats.status === 'rejected') {
    await teardown();
    throw pg.status === 'rejected' ? pg.reason : (nats as PromiseRejectedResult).reason;
  }
  project.provide('pgUrl', pg.value.url);
  project.provide('natsUrl', nats.value.url);
  return teardown;
}
