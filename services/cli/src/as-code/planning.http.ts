import type { Api } from '../api/api.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { readCurrent } from './current.http.js';
import type { Current } from './current.js';
import { hide } from './environment.js';
import { readScript, readSources } from './files.store.js';
import { type Loaded, load } from './load.js';
import { type Plan, type PlanOptions, plan } from './plan.js';
import { withSecrets } from './secrets.http.js';

const MOST_SHOWN = 50;

/** @throws CommandError listing what is wrong, each with its place in a file */
export function loadFiles({ env }: Pick<Context, 'env'>, files: readonly string[]): Loaded {
  const loading = load(readSources(files), env, readScript);
  if (!('problems' in loading)) return loading;
  throw new CommandError(hide(listed(loading.problems), loading.values));
}

export interface Planned {
  readonly api: Api;
  readonly loaded: Loaded;
  readonly current: Current;
  readonly plan: Plan;
}

/**
 * 1. read the files, 2. read what is there, 3. plan, 4. have the api compare what is secret.
 * @throws CommandError when nothing can be done, and why
 */
export async function planFiles(
  context: Context,
  files: readonly string[],
  options: Omit<PlanOptions, 'fromEnvironment'>,
): Promise<Planned> {
  const loaded = loadFiles(context, files);
  const { document, fromEnvironment } = loaded;
  const api = context.api();
  const names = new Set(document.tests.map(({ name }) => name));
  const current = await readCurrent(api, ({ name }) => names.has(name));
  const visible = plan(document, current, { ...options, fromEnvironment });
  if (visible.problems.length > 0) throw new CommandError(listed(visible.problems), EXIT.refused);
  const compared = await hiding(loaded.values, () => withSecrets(api, visible, current));
  if (compared === undefined)
    context.out.note('what is secret is not compared: for that the token needs the scope write');
  return { api, loaded, current, plan: compared ?? visible };
}

async function hiding<Result>(values: readonly string[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(hide(error.message, values), error.exitCode);
  }
}

function listed(problems: readonly string[]): string {
  const more = problems.length - MOST_SHOWN;
  const shown = problems.slice(0, MOST_SHOWN).join('\n');
  return more > 0 ? `${shown}\n… and ${more} more` : shown;
}
