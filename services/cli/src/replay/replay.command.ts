import { Argument } from 'commander';
import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';

/** What may be replayed, by the words people have for it, and the service that folds it. */
export const PROJECTIONS = {
  results: 'result-projector',
  alerts: 'alert-evaluator',
  notifier: 'notifier',
  scheduler: 'scheduler',
} as const;
export type ProjectionName = keyof typeof PROJECTIONS;

interface ReplayOptions {
  readonly toSchema?: string;
  readonly compare?: true;
  readonly swap?: true;
  readonly drop?: true;
  readonly at?: string;
  readonly diff?: readonly string[];
  readonly nats?: string;
  readonly database?: string;
}

export const replayCommand: CommandModule = (program, context) => {
  program
    .command('replay')
    .description(
      'tables made again from the log, beside the live ones: to compare, to swap in, or as of an instant',
    )
    .addArgument(new Argument('<projection>', 'what to make again').choices(Object.keys(PROJECTIONS)))
    .option('--to-schema <name>', 'into tables of this schema; goes on with what is there')
    .option('--compare', 'row by row with the live tables, at exactly the same position')
    .option('--swap', 'put them in the place of the live ones, while the service runs')
    .option('--at <instant>', 'the state as of then, such as 2026-01-31T12:00:00Z')
    .option('--diff <instants...>', 'what changed between two instants; the second may be "now"')
    .option('--drop', 'remove the schema; with --compare or --at, when that is done')
    .option('--nats <url>', 'or NATS_URL; of an identity that reads the streams')
    .option(
      '--database <url>',
      'or DATABASE_URL; of a role that may make schemas and become the owner of the live one',
    )
    .action((projection: ProjectionName, options: ReplayOptions) => replay(projection, options, context));
};

async function replay(projection: ProjectionName, options: ReplayOptions, context: Context): Promise<void> {
  const { NATS_URL = '', DATABASE_URL = '' } = context.env;
  const servers = { NATS_URL: options.nats ?? NATS_URL, DATABASE_URL: options.database ?? DATABASE_URL };
  for (const [variable, value] of Object.entries(servers))
    if (value === '') throw new CommandError(`a replay reads NATS and Postgres themselves: set ${variable}`);
  const { runService } = await import('./service.process.js');
  const code = await runService({
    service: PROJECTIONS[projection],
    args: ['replay', ...argumentsOf(options, context.out.json)],
    env: { ...context.env, ...servers },
    write: (text) => context.out.write(text),
    signal: context.signal,
  });
  if (code !== 0) context.exitWith(code);
}

/** As the service takes them. */
export function argumentsOf(options: ReplayOptions, json: boolean): string[] {
  const { toSchema, compare, swap, at, diff = [], drop } = options;
  const [from, ...to] = diff;
  return [
    ...(toSchema === undefined ? [] : ['--to-schema', toSchema]),
    ...(compare === true ? ['--compare'] : []),
    ...(swap === true ? ['--swap'] : []),
    ...(at === undefined ? [] : ['--at', at]),
    ...(from === undefined ? [] : ['--diff', from, ...to]),
    ...(drop === true ? ['--drop'] : []),
    ...(json ? ['--json'] : []),
  ];
}
