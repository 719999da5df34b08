import { describe, expect, it } from 'vitest';
import { envelope, type Places } from './envelope.js';

const places: Places = {
  node: '/opt/node/bin/node',
  packages: ['/srv/tocsin/node_modules/playwright'],
  besides: ['/usr/bin'],
  prlimit: '/usr/bin/prlimit',
  setpriv: '/usr/bin/setpriv',
  bwrap: '/usr/bin/bwrap',
  roots: [{ path: '/lib', link: 'usr/lib' }, { path: '/lib64' }],
};
const folders = { work: '/tmp/t/work', etc: '/tmp/t/etc' };
const limits = { openFiles: 10, diskBytes: 20, cpuSeconds: 30, tasks: 40, mark: 50 };
const command = { file: '/opt/node/bin/node', args: ['cli.js', 'test'] };

describe('the envelope of a command', () => {
  const limited = [
    '/usr/bin/prlimit',
    '--core=0',
    '--fsize=20',
    '--nofile=10',
    '--cpu=30',
    '--rttime=50',
    '--nproc=40',
    '--',
    command.file,
    ...command.args,
  ];

  it('limits it in either mode, and leaves it no way to more', () => {
    const plain = envelope('plain', command, { places, folders, limits });
    expect(plain.file).toBe('/usr/bin/setpriv');
    expect(plain.args).toEqual(['--no-new-privs', '--pdeathsig', 'KILL', '--', ...limited]);
    const { file, args } = envelope('bubblewrap', command, { places, folders, limits });
    expect(file).toBe('/usr/bin/bwrap');
    expect(args.slice(args.indexOf('--') + 1)).toEqual(limited);
  });

  it('is none where there is nothing to make it of', () => {
    const bare = { ...places, prlimit: undefined, setpriv: undefined };
    expect(envelope('plain', command, { places: bare, folders, limits })).toEqual(command);
  });

  it('shows it the system, Playwright and its own folder: nothing else, and only the last to write to', () => {
    const { args } = envelope('bubblewrap', command, { places, folders, limits });
    const after = (flag: string) => args.flatMap((arg, at) => (arg === flag ? [args[at + 1]] : []));
    expect(after('--bind')).toEqual(['/tmp/t/work', '/tmp/t/work/tmp', '/tmp/t/work/shm']);
    expect(after('--ro-bind')).toEqual([
      '/usr',
      '/lib64',
      '/tmp/t/etc/passwd',
      '/tmp/t/etc/group',
      '/opt/node/bin/node',
      '/srv/tocsin/node_modules/playwright',
    ]);
    expect(after('--ro-bind-try').every((path) => path?.startsWith('/etc/'))).toBe(true);
    expect(after('--ro-bind-try')).not.toContain('/etc/shadow');
    for (const flag of [
      '--unshare-user',
      '--unshare-pid',
      '--unshare-ipc',
      '--die-with-parent',
      '--new-session',
    ])
      expect(args).toContain(flag);
    expect(args).not.toContain('--share-net');
    expect(args).not.toContain('--unshare-net');
  });
});
