import type { Api } from '../api/api.js';
import { CommandError } from '../errors.js';
import { inParallel } from './current.http.js';
import type { Current } from './current.js';
import type { Plan, Step } from './plan.js';
import { bodyOf, idsOf } from './put.js';
import { routeFor } from './routes.js';

/**
 * Only the api can tell whether a secret differs: it is asked what a PUT would make of what is otherwise the same.
 * @returns the plan with the changes this shows; undefined when the token may only read
 */
export async function withSecrets(api: Api, plan: Plan, current: Current): Promise<Plan | undefined> {
  const ids = idsOf(current);
  try {
    return { ...plan, steps: await inParallel(plan.steps, compared) };
  } catch (error) {
    if (error instanceof CommandError && error.message.includes('(forbidden)')) return undefined;
    throw error;
  }

  async function compared(step: Step): Promise<Step> {
    if (step.action !== 'unchanged' || !step.hasSecrets) return step;
    const { kind, existing } = step;
    const answer = await api.call<{ readonly revision: number }>(routeFor('replace', kind), {
      params: { id: existing.id },
      body: bodyOf(step, plan.set, ids),
      headers: { 'if-match': `"${existing.revision}"`, 'tocsin-dry-run': 'true' },
    });
    return answer.revision === existing.revision ? step : { ...step, action: 'update' };
  }
}
