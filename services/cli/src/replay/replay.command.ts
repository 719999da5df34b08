import { Argument } from 'commander';
import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { instantOption } from '../everyday/options.js';
import { localUrls } from '../local-urls.store.js';

/** What may be replayed, by the words people have for it, and the service that folds it. */
export const PROJECTIONS = {
  results: 'result-projector',
  alerts: 'alert-evaluator',
  notifier: 'notifier',
  scheduler: 'scheduler',
} as const;
export type ProjectionName = keyof typeof PROJECTIONS;

/** Where `npm start` leaves the identities that may do everything, in the folder it was called in. */
const LOCAL_FILE = '.tocsin/operator.json';

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
    .option('--at <instant>', 'the state as of then; an instant or an age like 15m', instantOrNow)
    .option(
      '--diff <instants...>',
      'what changed between two instants or ages; the second may be "now"',
      (text: string, before?: readonly string[]) => [...(before ?? []), instantOrNow(text)],
    )
    .option('--drop', 'remove the schema; with --compare or --at, when that is done')
    .option('--nats <url>', 'or NATS_URL; of an identity that reads the streams')
    .option(
      '--database <url>',
      'or DATABASE_URL; of a role that may make schemas and become the owner of the live one',
    )
    .action((projection: ProjectionName, options: ReplayOptions) => replay(projection, options, context));
};

async function replay(projection: ProjectionName, options: ReplayOptions, context: Context): Promise<void> {
  const servers = serversOf(options, context.env);
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

const instantOrNow = (text: string): string => (text === 'now' ? text : instantOption(text));

/** @throws CommandError when nobody said where the servers are */
function serversOf({ nats, database }: ReplayOptions, env: Context['env']) {
  const local = localUrls(LOCAL_FILE);
  const said = (...urls: (string | undefined)[]) => urls.find((url) => url !== undefined && url !== '');
  const natsUrl = said(nats, env.NATS_URL, local.natsUrl);
  const databaseUrl = said(database, env.DATABASE_URL, local.databaseUrl);
  if (natsUrl === undefined || databaseUrl === undefined)
    throw new CommandError(
      `where are NATS and Postgres? Set NATS_URL and DATABASE_URL to those of the operator, or call this where ${LOCAL_FILE} is`,
    );
  return { NATS_URL: natsUrl, DATABASE_URL: databaseUrl };
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
