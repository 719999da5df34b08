import { z } from 'zod';

/**
 * `on` isolates with bubblewrap where it can and with a user of its own otherwise; `bubblewrap` and `plain` insist.
 * What each of them stops and what not: docs/isolation.md.
 */
export const SCRIPT_MODES = ['off', 'on', 'bubblewrap', 'plain'] as const;
export type ScriptMode = (typeof SCRIPT_MODES)[number];
export type Isolation = 'bubblewrap' | 'plain';

export const FIRST_UID = 61_000;
/** More tests than this at once are refused. */
export const SLOTS = 64;

/** What one test may take. */
export interface ScriptLimits {
  /** of all its processes together, what they share counted once */
  readonly memoryBytes: number;
  readonly processes: number;
  /** threads count as well: Chromium has dozens of them */
  readonly tasks: number;
  readonly openFiles: number;
  /** of everything it writes, and of one file */
  readonly diskBytes: number;
  readonly files: number;
  /** shown; a script that says ten times as much is stopped */
  readonly outputBytes: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ScriptLimits = {
  memoryBytes: 1_536 * MIB,
  processes: 150,
  tasks: 800,
  openFiles: 4_096,
  diskBytes: 512 * MIB,
  files: 20_000,
  outputBytes: 2 * MIB,
};

const wholeNumber = (wanted: string, low: number, high: number) =>
  z
    .string()
    .regex(/^\d+$/, `set it to ${wanted}`)
    .transform(Number)
    .pipe(z.number().min(low, `set it to ${wanted}`).max(high, `set it to ${wanted}`));

/** The part of the executor's environment that is about scripts. */
export const scriptSettings = {
  TOCSIN_RUN_SCRIPTS: z.enum(SCRIPT_MODES, 'set it to off, on, bubblewrap or plain').default('off'),
  TOCSIN_CHROMIUM: z.string().startsWith('/', 'set it to the absolute path of Chromium').optional(),
  TOCSIN_RUN_UID: wholeNumber(
    'the first of 64 user ids that nothing else uses',
    1_000,
    2_000_000_000,
  ).default(FIRST_UID),
  TOCSIN_RUN_MEMORY_MB: wholeNumber('a number of megabytes between 256 and 65536', 256, 65_536).default(
    1_536,
  ),
  TOCSIN_RUN_DISK_MB: wholeNumber('a number of megabytes between 16 and 65536', 16, 65_536).default(512),
};
export type ScriptSettings = z.output<z.ZodObject<typeof scriptSettings>>;

export interface BrowserRunnerOptions {
  readonly mode: ScriptMode;
  readonly chromium?: string | undefined;
  /** the first of `SLOTS` user ids: as root, every test that runs has one for itself */
  readonly firstUid?: number;
  /** where tests get their folders; everyone must be able to pass through it */
  readonly folder?: string;
  readonly limits?: Partial<ScriptLimits>;
}

export const browserRunnerOptions = (settings: ScriptSettings): BrowserRunnerOptions => ({
  mode: settings.TOCSIN_RUN_SCRIPTS,
  chromium: settings.TOCSIN_CHROMIUM,
  firstUid: settings.TOCSIN_RUN_UID,
  limits: {
    memoryBytes: settings.TOCSIN_RUN_MEMORY_MB * MIB,
    diskBytes: settings.TOCSIN_RUN_DISK_MB * MIB,
  },
});
