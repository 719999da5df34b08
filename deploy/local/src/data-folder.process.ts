import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { endRecorded, readRecord, recordProcess } from '@tocsin/local-stack';

/** Makes the data folder ours; two supervisors on one folder would end each other's processes in turn. */
export function claim(dataDir: string): string {
  if (!existsSync(dataDir)) {
    mkdirSync(dataDir, { recursive: true });
    // As root, Postgres runs under another account and must be able to pass through; everything inside is closed.
    chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  }
  for (const name of ['run', 'logs']) mkdirSync(path.join(dataDir, name), { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'supervisor.json');
  const holder = readRecord(file);
  if (holder)
    throw new Error(
      `tocsin already runs in ${dataDir} (pid ${holder.pid}): stop it, or set TOCSIN_DATA_DIR and TOCSIN_PORT for a second one`,
    );
  recordProcess(file, process.pid);
  return file;
}

/** After a SIGKILL of the supervisor its services live on without one. */
export async function endOrphans(dataDir: string, log: (line: string) => void): Promise<void> {
  const run = path.join(dataDir, 'run');
  const ended = await Promise.all(
    readdirSync(run).map((file) => endRecorded(path.join(run, file), 'SIGTERM', 2000)),
  );
  const count = ended.filter(Boolean).length;
  if (count > 0) log(`ended ${count} processes that an earlier start had left behind`);
}
