import type { JobView, MonitorView, WhatIfAnswer } from '@tocsin/http-api';
import { InvalidArgumentError } from 'commander';
import type { CommandModule } from '../commands.js';
import { CommandError } from '../errors.js';
import { findByName } from '../everyday/find.js';
import { instantOption, positiveInteger } from '../everyday/options.js';
import { COLUMNS, differing, summaryLines } from './what-if-lines.js';

interface Options {
  readonly monitor: readonly string[];
  readonly job: readonly string[];
  readonly tag?: string;
  readonly all?: true;
  readonly days: number;
  readonly timeZone: string;
  readonly [field: string]: unknown;
}

/** Options named like the fields of `alertConfig`. */
const FIELDS = {
  failureThreshold: ['--failure-threshold <n>', 'failures in a row that raise an alert', positiveInteger],
  recoveryThreshold: ['--recovery-threshold <n>', 'successes in a row that end it', positiveInteger],
  flapThreshold: ['--flap-threshold <n>', 'alerts in an hour from which it flaps; 0: never', wholeNumber],
  enabled: ['--enabled <on|off>', 'alerts at all', onOff],
  alertOnFailure: ['--alert-on-failure <on|off>', 'tell of failures', onOff],
  alertOnRecovery: ['--alert-on-recovery <on|off>', 'tell of the end', onOff],
  alertOnSslExpiration: ['--alert-on-ssl-expiration <on|off>', 'tell of certificates', onOff],
  alertOnSuccess: ['--alert-on-success <on|off>', 'tell of successes of jobs', onOff],
  alertOnTimeout: ['--alert-on-timeout <on|off>', 'tell of runs that take too long', onOff],
  mutedUntil: ['--muted-until <instant>', 'nothing raised before is told', instantOption],
} as const;

export const whatIfCommand: CommandModule = (program, context) => {
  const command = program
    .command('what-if')
    .description('what other alert settings would have made of the past; nothing is changed')
    .option('--monitor <name>', 'this one, by name or id; more than once', collect, [])
    .option('--job <name>', 'this one; more than once', collect, [])
    .option('--tag <tag>', 'all that have it')
    .option('--all', 'all monitors and jobs')
    .option('--days <n>', 'so many, at most 90', positiveInteger, 30)
    .option('--time-zone <zone>', 'whose nights, 22 to 7, are counted', hostZone());
  for (const [flags, about, parse] of Object.values(FIELDS))
    command.option(flags, about, parse as (text: string) => unknown);
  command.action(async (options: Options) => {
    const alertConfig = Object.fromEntries(
      Object.keys(FIELDS)
        .filter((name) => options[name] !== undefined)
        .map((name) => [name, options[name]]),
    );
    if (Object.keys(alertConfig).length === 0)
      throw new CommandError('say what is to be otherwise, for example --failure-threshold 3');
    const api = context.api();
    const idsOf = async (names: readonly string[], list: string, noun: string) => {
      const ids: string[] = [];
      for (const name of names) ids.push((await findByName<MonitorView | JobView>(api, list, noun, name)).id);
      return ids.length === 0 ? undefined : ids;
    };
    const answer = await api.call<WhatIfAnswer>('whatIf', {
      body: {
        alertConfig,
        monitors: await idsOf(options.monitor, 'listMonitors', 'monitor'),
        jobs: await idsOf(options.job, 'listJobs', 'job'),
        tag: options.tag,
        all: options.all,
        days: options.days,
        timeZone: options.timeZone,
      },
    });
    if (context.out.json) {
      context.out.answer(answer, () => '');
      return;
    }
    const { before, after } = summaryLines(answer);
    context.out.write(`${before}\n`);
    if (differing(answer).length > 0) context.out.table(differing(answer), COLUMNS);
    context.out.write(`${after}\n`);
  });
};

const collect = (one: string, before: readonly string[]): string[] => [...before, one];

const hostZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function onOff(text: string): boolean {
  if (text === 'on') return true;
  if (text === 'off') return false;
  throw new InvalidArgumentError('must be on or off.');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 0.');
  return Number(text);
}
