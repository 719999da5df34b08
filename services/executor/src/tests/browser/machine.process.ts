import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CheckError } from '@tocsin/monitoring';
import type { Places } from './envelope.js';
import type { BrowserRunnerOptions, Isolation, ScriptMode } from './settings.js';

/** What this machine has for running scripts. */
export interface Machine extends Places {
  readonly cli: string;
  readonly chromium?: string | undefined;
  readonly ffmpeg?: string | undefined;
  /** of the browsers that Playwright looks for when a script launches one by itself */
  readonly revisions?: { readonly chromium: string; readonly ffmpeg: string } | undefined;
  readonly root: boolean;
}

const CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

export function lookAround({ chromium }: Pick<BrowserRunnerOptions, 'chromium'>): Machine {
  const require = createRequire(import.meta.url);
  const test = dirname(realpathSync(require.resolve('@playwright/test/package.json')));
  const playwright = packageOf('playwright', test);
  const core = packageOf('playwright-core', playwright);
  const found = chromium ?? CHROMIUMS.find((path) => existsSync(path));
  return {
    node: realpathSync(process.execPath),
    cli: join(test, 'cli.js'),
    packages: [test, playwright, core],
    chromium: found !== undefined && existsSync(found) ? found : undefined,
    ffmpeg: onPath('ffmpeg'),
    prlimit: onPath('prlimit'),
    setpriv: onPath('setpriv'),
    bwrap: onPath('bwrap'),
    revisions: revisionsOf(core),
    besides: found !== undefined && existsSync(found) ? [dirname(found), dirname(realpathSync(found))] : [],
    roots: ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].flatMap(rootOf),
    root: process.getuid?.() === 0,
  };
}

/** Two of the same name may be installed: what matters is the one that this package gets. */
const packageOf = (name: string, from: string) =>
  dirname(realpathSync(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`)));

function revisionsOf(core: string): Machine['revisions'] {
  try {
    const { browsers } = JSON.parse(readFileSync(join(core, 'browsers.json'), 'utf8')) as {
      browsers: readonly { readonly name: string; readonly revision: string }[];
    };
    const of = (wanted: string) => browsers.find(({ name }) => name === wanted)?.revision ?? '';
    return { chromium: of('chromium'), ffmpeg: of('ffmpeg') };
  } catch {
    return undefined;
  }
}

function rootOf(path: string): { path: string; link?: string }[] {
  try {
    return [{ path, link: readlinkSync(path) }];
  } catch {
    return existsSync(path) ? [{ path }] : [];
  }
}

/** Where the system keeps its programs: what our own PATH says is not for others. */
function onPath(name: string): string | undefined {
  return ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/opt/homebrew/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface Isolated {
  readonly isolation: Isolation;
  readonly reason: string;
}
export interface Refused {
  readonly refused: CheckError;
}
export type Decision = Isolated | Refused;

/** How scripts are isolated here, or why they are not run. */
export async function decideIsolation(
  mode: Exclude<ScriptMode, 'off'>,
  machine: Machine,
  identity: Identity | undefined,
  folder = tmpdir(),
): Promise<Decision> {
  if (machine.chromium === undefined)
    return refused(
      'browser_missing',
      'no Chromium on this machine: install it (Debian: apt-get install chromium-headless-shell) or set TOCSIN_CHROMIUM to its path',
    );
  const needed = [machine.node, ...machine.packages, ...machine.besides, join(folder, 'test')];
  const unreachable = identity && unreachableOf(needed);
  if (unreachable !== undefined)
    return refused(
      'runner_unreachable',
      `tests run as a user of their own, who may not enter ${unreachable}: let others pass (chmod o+x), or install Tocsin where they may`,
    );
  if (mode === 'plain') return { isolation: 'plain', reason: 'configured' };
  const obstacle = await bwrapObstacle(machine, identity);
  if (obstacle === undefined)
    return { isolation: 'bubblewrap', reason: mode === 'bubblewrap' ? 'configured' : 'available' };
  if (mode === 'bubblewrap')
    return refused('isolation_missing', `TOCSIN_RUN_SCRIPTS=bubblewrap, but ${obstacle}`);
  if (identity === undefined)
    return refused(
      'isolation_missing',
      `${obstacle}. Without it and without root a script could read what this user can, our credentials among it; TOCSIN_RUN_SCRIPTS=plain accepts that`,
    );
  return { isolation: 'plain', reason: obstacle };
}

const refused = (code: string, message: string): Refused => ({ refused: { code, message } });

export const SCRIPTS_OFF = refused(
  'scripts_off',
  'this executor runs no scripts: set TOCSIN_RUN_SCRIPTS=on, or run the test elsewhere',
);

/** The first folder on the way to one of them that other users may not enter. */
function unreachableOf(paths: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const path of paths)
    for (let folder = dirname(path); !seen.has(folder); folder = dirname(folder)) {
      seen.add(folder);
      if ((statSync(folder).mode & 0o001) === 0) return folder;
    }
  return undefined;
}

/** Why bubblewrap cannot be used, found out by using it. */
async function bwrapObstacle(machine: Machine, identity: Identity | undefined): Promise<string | undefined> {
  if (machine.bwrap === undefined) return 'bubblewrap is not installed (Debian: apt-get install bubblewrap)';
  const roots = machine.roots.flatMap(({ path, link }) =>
    link === undefined ? ['--ro-bind', path, path] : ['--symlink', link, path],
  );
  const namespaces = '--unshare-user --unshare-pid --unshare-ipc --unshare-uts --die-with-parent'.split(' ');
  const mounts = ['--ro-bind', '/usr', '/usr', ...roots, '--proc', '/proc', '--dev', '/dev'];
  const failure = await failureOf(machine.bwrap, [...namespaces, ...mounts, '--', 'true'], identity);
  if (failure === undefined) return undefined;
  return `bubblewrap cannot make namespaces here (${failure}): allow unprivileged user namespaces, in a container with a seccomp profile that lets them through`;
}

/** Chromium's own sandbox, against the pages a test visits, needs what `unshare` tries here. */
export const canSandboxChromium = async (identity: Identity | undefined): Promise<boolean> => {
  if (process.getuid?.() === 0 && identity === undefined) return false;
  const tried = ['--user', '--map-root-user', '--pid', '--net', '--fork', 'true'];
  return (await failureOf('/usr/bin/unshare', tried, identity)) === undefined;
};

function failureOf(
  file: string,
  args: readonly string[],
  identity: Identity | undefined,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      {
        ...identity,
        cwd: '/',
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        timeout: 10_000,
        killSignal: 'SIGKILL',
      },
      (error, _, stderr) => {
        if (error === null) resolve(undefined);
        else resolve(stderr.trim().split('\n')[0]?.slice(0, 200) || error.message.slice(0, 200));
      },
    );
  });
}
