import type { Isolation, ScriptLimits } from './settings.js';

/** Where things are on this machine. */
export interface Places {
  readonly node: string;
  /** folders that hold Playwright */
  readonly packages: readonly string[];
  readonly prlimit?: string | undefined;
  readonly setpriv?: string | undefined;
  readonly bwrap?: string | undefined;
  /** files and folders that stand outside /usr and that a browser needs, e.g. TOCSIN_CHROMIUM below /opt */
  readonly besides: readonly string[];
  /** what /bin, /lib and their like are: links into /usr on most machines, folders on others */
  readonly roots: readonly { readonly path: string; readonly link?: string | undefined }[];
}

/** Folders of one test, as the machine sees them. */
export interface TestFolders {
  /** the only one it can write to */
  readonly work: string;
  /** passwd and group, for the user of the test */
  readonly etc: string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** descriptors beside the usual three: what bubblewrap says about itself, and what it waits for */
export const INFO_FD = 3;
export const GATE_FD = 4;

/** The folder of the test as the test sees it. */
export const insideOf = (isolation: Isolation, { work }: TestFolders): string =>
  isolation === 'bubblewrap' ? '/test' : work;

/** For names to become addresses, letters to become pictures and certificates to be believed: no configuration of ours. */
const ETC = words(`
  resolv.conf hosts host.conf nsswitch.conf gai.conf services protocols mime.types
  ssl pki ca-certificates ca-certificates.conf crypto-policies
  fonts alternatives chromium chromium.d localtime timezone terminfo
  ld.so.cache ld.so.conf ld.so.conf.d os-release debian_version`);

/** The command with what keeps it in its bounds around it. */
export function envelope(
  isolation: Isolation,
  command: Command,
  where: { readonly places: Places; readonly folders: TestFolders; readonly limits: LimitsOfProcess },
): Command {
  const limited = withLimits(command, where.places.prlimit, where.limits);
  const { places, folders } = where;
  if (isolation === 'plain') return withoutPrivileges(limited, places.setpriv);
  return {
    file: places.bwrap ?? 'bwrap',
    args: [
      ...words('--unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try'),
      ...words('--die-with-parent --new-session --hostname test'),
      ...words(`--info-fd ${INFO_FD} --block-fd ${GATE_FD}`),
      ...readOnly('/usr'),
      ...places.roots.flatMap(({ path, link }) =>
        link === undefined ? readOnly(path) : ['--symlink', link, path],
      ),
      ...ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
      ...USERS.flatMap((name) => ['--ro-bind', `${folders.etc}/${name}`, `/etc/${name}`]),
      ...words('--proc /proc --dev /dev --symlink /tmp /var/tmp'),
      ...bind(folders.work, '/test'),
      // On the disk and not in memory, where nobody would count it.
      ...bind(`${folders.work}/tmp`, '/tmp'),
      ...bind(`${folders.work}/shm`, '/dev/shm'),
      ...[places.node, ...places.packages, ...places.besides]
        .filter((path) => !isUsr(path))
        .flatMap(readOnly),
      ...words('--remount-ro /dev --remount-ro / --chdir /test --'),
      limited.file,
      ...limited.args,
    ],
  };
}

/** As bubblewrap does it by itself: no setuid program helps it, and it ends when the executor is killed. */
const withoutPrivileges = ({ file, args }: Command, setpriv: string | undefined): Command =>
  setpriv === undefined
    ? { file, args }
    : { file: setpriv, args: [...words('--no-new-privs --pdeathsig KILL --'), file, ...args] };

export type LimitsOfProcess = Pick<ScriptLimits, 'openFiles' | 'diskBytes'> & {
  /** absent: of a user that has other processes */
  readonly tasks?: number | undefined;
  readonly cpuSeconds: number;
  /** see `isMarked` */
  readonly mark: number;
};

function withLimits({ file, args }: Command, prlimit: string | undefined, limits: LimitsOfProcess): Command {
  if (prlimit === undefined) return { file, args };
  return {
    file: prlimit,
    args: [
      '--core=0',
      `--fsize=${limits.diskBytes}`,
      `--nofile=${limits.openFiles}`,
      `--cpu=${limits.cpuSeconds}`,
      `--rttime=${limits.mark}`,
      ...(limits.tasks === undefined ? [] : [`--nproc=${limits.tasks}`]),
      '--',
      file,
      ...args,
    ],
  };
}

const USERS = ['passwd', 'group'];
const bind = (path: string, at: string) => ['--bind', path, at];
const readOnly = (path: string) => ['--ro-bind', path, path];
const isUsr = (path: string) => path === '/usr' || path.startsWith('/usr/');

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
