import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root: as root, it runs as `postgres` or else `nobody`. No account is created. */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
      return { name, uid: id('-u'), gid: id('-g') };
    } catch {
      // the next name
    }
  }
  throw new Error(
    'Postgres does not run as root and there is neither a "postgres" nor a "nobody" account: start as an ordinary user',
  );
}

/** Fails early and legibly where the account could not even reach the folder (a project below /root). */
export function assertReachable(target: string, account: Account): void {
  for (let dir = path.dirname(path.resolve(target)); ; dir = path.dirname(dir)) {
    const { mode, uid, gid } = statSync(dir);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      throw new Error(
        `${target} cannot be reached by the account "${account.name}", which runs Postgres because you are root: ` +
          `${dir} is closed to it (mode ${(mode & 0o7777).toString(8)}). Use folders outside of it ` +
          '(TOCSIN_DATA_DIR for the data), or start as an ordinary user',
      );
    }
    if (dir === path.dirname(dir)) return;
  }
}
