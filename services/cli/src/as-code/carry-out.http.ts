import { randomBytes } from 'node:crypto';
import { cause as causeText, MAX_CAUSE } from '@tocsin/http-api';
import type { Api } from '../api/api.js';
import { CommandError } from '../errors.js';
import type { Current } from './current.js';
import { hide } from './environment.js';
import type { Plan, Step } from './plan.js';
import { bodyOf, type Ids, idsOf, keyOf } from './put.js';
import { routeFor } from './routes.js';

/** How the causes of a set begin. */
export const causesOf = (set: string | undefined): string => `apply ${set ?? '(no set)'} `;

/** @throws CommandError when the message does not fit */
export function newCause(set: string | undefined, message: string | undefined): string {
  const cause = `${causesOf(set)}${randomBytes(4).toString('hex')}${message === undefined ? '' : `: ${message}`}`;
  if (causeText.safeParse(cause).success) return cause;
  const room = MAX_CAUSE - (cause.length - (message ?? '').length);
  throw new CommandError(`--message must be at most ${room} printable Latin-1 characters`);
}

interface CarryingOut {
  readonly api: Api;
  readonly current: Current;
  readonly cause: string;
  /** what the environment gave: no error tells any of it */
  readonly values: readonly string[];
  readonly done: (step: Step) => void;
}

/**
 * One after another, so that whoever is interrupted runs it again and goes on from there.
 * @throws CommandError saying how far it came
 */
export async function carryOut(
  plan: Plan,
  { api, current, cause, values, done }: CarryingOut,
): Promise<number> {
  const steps = plan.steps.filter(({ action }) => action !== 'unchanged');
  const ids = idsOf(current);
  for (const [count, step] of steps.entries()) {
    try {
      await take(api, step, plan.set, ids, cause);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const said = error.message.includes('(precondition_failed)')
        ? 'somebody changed it meanwhile'
        : hide(error.message, values);
      throw new CommandError(
        `stopped at ${step.kind} "${step.name}": ${said}\n${count} of ${steps.length} done; run it again to see what is left and go on`,
        error.exitCode,
      );
    }
    done(step);
  }
  return steps.length;
}

async function take(api: Api, step: Step, set: string | undefined, ids: Ids, cause: string): Promise<void> {
  const { kind, name } = step;
  const headers = { 'tocsin-cause': cause };
  if (step.action === 'create') {
    const body = bodyOf(step, set, ids);
    const { id } = await api.call<{ readonly id: string }>(routeFor('create', kind), { body, headers });
    ids.set(keyOf(kind, name), id);
    return;
  }
  const { id, revision } = step.existing;
  const ask = { params: { id }, headers: { ...headers, 'if-match': `"${revision}"` } };
  if (step.action === 'delete') await api.call(routeFor('delete', kind), ask);
  else await api.call(routeFor('replace', kind), { ...ask, body: bodyOf(step, set, ids) });
}
