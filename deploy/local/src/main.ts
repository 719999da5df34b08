import { overview } from './overview.js';
import { startLocal } from './start-local.process.js';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time somebody is in a hurry; what is left gets its signal from the exit hook of the children
    if (stopping.signal.aborted) process.exit(1);
    console.log('tocsin stops');
    stopping.abort();
  });
}

try {
  console.log('tocsin starts');
  const local = await startLocal({ signal: stopping.signal });
  const { services, nats, postgres, dataDir, tokenFile, url } = local;
  const rows = [
    { name: 'nats', pid: nats?.pid, where: new URL(local.natsUrl.split(',')[0] ?? '').host },
    { name: 'postgres', pid: postgres?.pid, where: new URL(local.databaseUrl).host },
    ...Object.values(services).map(({ name, pid, port }) => ({ name, pid, where: `127.0.0.1:${port}` })),
  ];
  for (const line of overview(rows, { data: dataDir, logs: `${dataDir}/logs`, token: tokenFile }))
    console.log(line);
  console.log(`tocsin ready ${url}`);
  if (!stopping.signal.aborted)
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  await local.stop();
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(`tocsin could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
