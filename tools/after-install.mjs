// Root postinstall. npm puts node_modules/.bin first, so this runs under Node 24 even when npm itself runs on Node 20.
// npm silently skips an *optional* dependency whose "engines" exclude the Node that runs npm: on Node 20 that drops
// nats-server (>=22). One more pass under Node 24 (about 1 s) adds it. --ignore-scripts stops the recursion.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const skipped = Object.entries(packages)
  .filter(([dir]) => !dir.includes('node_modules/')) // the root and the workspaces
  .flatMap(([, pkg]) => Object.keys(pkg.optionalDependencies ?? {}))
  .filter((name) => {
    const { os, cpu } = packages[`node_modules/${name}`] ?? {};
    return (
      (!os || os.includes(process.platform)) &&
      (!cpu || cpu.includes(process.arch)) &&
      !existsSync(`node_modules/${name}`)
    );
  });
if (skipped.length > 0) {
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
}
