import { decideAlert } from './decide-alert.js';
import { decidePolicy } from './decide-policy.js';
import { type DecisionExplained, explainDecision } from './explain-decision.js';
import type { HistoryStep } from './history.js';
import type { Observation } from './observation.js';
import type { AlertEvent, TargetState } from './target-state.js';

export interface ExplainedResult {
  readonly observation: Observation;
  readonly explained: DecisionExplained;
  readonly events: readonly AlertEvent[];
}

export interface ExplainedHistory {
  readonly results: readonly ExplainedResult[];
  readonly state: TargetState;
}

/** Each result of the past with what the rules made of it. */
export function explainHistory(steps: Iterable<HistoryStep>, seed: TargetState): ExplainedHistory {
  const results: ExplainedResult[] = [];
  let state = seed;
  let position = 0;
  for (const step of steps) {
    position += 1;
    if (step.kind === 'policy') state = decidePolicy(step.policy, state, position).state;
    else if (step.kind === 'result') {
      const decision = decideAlert(step.observation, state, position);
      const explained = explainDecision(step.observation, state, decision);
      results.push({ observation: step.observation, explained, events: decision.events });
      state = decision.state;
    }
  }
  return { results, state };
}
