/** What this setup provides for `inject` in the tests. */
export interface SharedServers {
  /** superuser, database `postgres`; take a database of your own with freshDatabase */
  pgUrl: string;
  /** administrator of a server shared by all test files; take one of your own with freshNats */
  natsUrl: string;
}

/** The images of docker-compose.yml. */
const POSTGRES = 'postgres:18';
const NATS = 'nats:2.14-alpine';

/**
 * The same two servers as containers, where a Docker engine is and `TOCSIN_TEST_SERVERS=containers` asks for them.
 * @throws what testcontainers says when there is no engine
 */
export async function startContainers(): Promise<{ servers: SharedServers; stop: () => Promise<void> }> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = 'test';
  const [pg, nats] = await Promise.all([
    new GenericContainer(POSTGRES)
      .withEnvironment({ POSTGRES_PASSWORD: password })
      .withCommand(['postgres', '-c', 'fsync=off'])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start(),
    new GenericContainer(NATS)
      .withCommand(['--jetstream', '--user', 'admin', '--pass', password])
      .withExposedPorts(4222)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start(),
  ]);
  return {
    servers: {
      pgUrl: `postgres://postgres:${password}@${pg.getHost()}:${pg.getMappedPort(5432)}/postgres`,
      natsUrl: `nats://admin:${password}@${nats.getHost()}:${nats.getMappedPort(4222)}`,
    },
    stop: async () => {
      await Promise.all([pg.stop(), nats.stop()]);
    },
  };
}
