// Before the tests: a browser and bubblewrap from Debian's packages, where there are none and they can be had. Without them
// the tests that need them are skipped, and counted as such.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const isThere = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const wanted = [
  process.env.TOCSIN_CHROMIUM || ['chromium-headless-shell', 'chromium'].some(isThere)
    ? undefined
    : 'chromium-headless-shell',
  isThere('bwrap') ? undefined : 'bubblewrap',
].filter((name) => name !== undefined);

if (wanted.length > 0) {
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && isThere('apt-get');
  const run = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    }).status === 0;
  const done =
    canInstall && run('update', '-qq') && run('install', '-y', '-qq', '--no-install-recommends', ...wanted);
  console.log(
    done
      ? `installed for the tests: ${wanted.join(', ')}`
      : `not there and not to be had: ${wanted.join(', ')}; the tests that need them are skipped`,
  );
}
