import { derivedId, type Instant, toInstant } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import {
  type AlertConfig,
  type AlertEvent,
  DEFAULT_ALERT_CONFIG,
  type Decision,
  decideAcknowledgement,
  decideAlert,
  decidePolicy,
  INITIAL_TARGET_STATE,
  type Observation,
  type TargetState,
} from './index.js';

const START = Date.UTC(2026, 0, 1);
const WARN_DAYS = 14;
const RESULTS = {
  F: 'failure',
  S: 'success',
  T: 'timeout',
  E: 'error',
  C: 'success',
  X: 'cancelled',
} as const;
const OUTCOMES = {
  monitor: { success: 'up', failure: 'down', timeout: 'down', error: 'error', cancelled: 'cancelled' },
  job: { success: 'passed', failure: 'failed', timeout: 'timeout', error: 'error', cancelled: 'cancelled' },
} as const;
const VERBS = {
  AlertRaised: 'raised',
  AlertUnmuted: 'unmuted',
  AlertResolved: 'resolved',
  AlertAcknowledged: 'acknowledged',
} as const;

export const minute = (n: number): Instant => toInstant(START + n * 60_000);
export const PROVIDER = derivedId('provider');

/** A policy edit. What it does not name stays. */
export interface Edit {
  readonly kind?: TargetKind;
  readonly enabled?: boolean;
  readonly deleted?: boolean;
  readonly locations?: readonly string[];
  readonly quorum?: string;
  readonly alertConfig?: Partial<AlertConfig>;
}

/**
 * A target's life, told in steps: `F` failed, `S` succeeded, `T` timed out, `E` could not be checked, `X` was cancelled, `C9` succeeded
 * with a certificate of 9 days, `b:F` failed at location b, `F@3` for the slot of minute 3; `+24h` and `+5m` pass; an
 * edit changes the policy; `ack` acknowledges the last alert. A step takes a minute.
 */
export type Step = string | Edit;

export function createStory() {
  let state: TargetState = INITIAL_TARGET_STATE;
  let now = 0;
  let steps = 0;
  let revision = 0;
  let policy: Required<Edit> = {
    kind: 'monitor',
    enabled: true,
    deleted: false,
    locations: ['local'],
    quorum: 'any',
    alertConfig: {},
  };
  const events: AlertEvent[] = [];
  const observed: Observation[] = [];
  const told: string[] = [];
  const reasons: string[] = [];

  function take({ state: after, events: decided, reason }: Decision): void {
    // Through JSON, as a row does it: nothing may get lost there
    state = JSON.parse(JSON.stringify(after)) as TargetState;
    reasons.push(reason);
    events.push(...decided);
    for (const event of decided) if (event.type !== 'PolicyChanged') told.push(`${now} ${inWords(event)}`);
  }

  function edit(change: Edit): void {
    revision += 1;
    policy = { ...policy, ...change, alertConfig: { ...policy.alertConfig, ...change.alertConfig } };
    const { kind, alertConfig, ...rest } = policy;
    take(
      decidePolicy(
        {
          project: 'default',
          target: { id: 'target', kind, name: 'shop', url: '' },
          policyRevision: revision,
          ...rest,
          alertConfig: {
            ...DEFAULT_ALERT_CONFIG,
            enabled: true,
            notificationProviders: [PROVIDER],
            ...alertConfig,
          },
          changedAt: minute(now),
        },
        state,
        steps,
      ),
    );
  }

  function acknowledge(alertId = lastAlertId(events)): void {
    const given = { alertId, acknowledgedAt: minute(now), acknowledgedBy: 'ada', note: '' };
    take(decideAcknowledgement(given, state, steps));
  }

  function play(...script: Step[]): void {
    for (const step of script.flatMap((one): Step[] =>
      typeof one === 'string' ? one.split(/\s+/) : [one],
    )) {
      if (typeof step !== 'string') {
        edit(step);
        continue;
      }
      if (step === 'ack') {
        acknowledge();
        continue;
      }
      const passed = /^\+(\d+)([hm])$/.exec(step);
      if (passed !== null) {
        now += Number(passed[1]) * (passed[2] === 'h' ? 60 : 1);
        continue;
      }
      steps += 1;
      now += 1;
      const observation = observe(step, now, policy.kind);
      observed.push(observation);
      take(decideAlert(observation, state, steps));
    }
  }

  return {
    play,
    edit,
    acknowledge,
    state: () => state,
    /** every result, the first at position 1 */
    observed,
    /** a result that comes again, or late */
    repeat: (observation: Observation) => take(decideAlert(observation, state, steps)),
    /** alert events, with the minute */
    told,
    /** what every step came to */
    reasons,
    events,
  };
}

/** The alert events of a life with this policy. */
export function alertsOf(given: Edit, ...script: Step[]): string[] {
  const story = createStory();
  story.edit(given);
  story.play(...script);
  return story.told;
}

export const withThresholds = (failureThreshold: number, recoveryThreshold: number): Edit => ({
  alertConfig: { failureThreshold, recoveryThreshold },
});

export const aJob = (alertConfig: Partial<AlertConfig> = {}): Edit => ({
  kind: 'job',
  locations: [],
  quorum: '',
  alertConfig,
});

function observe(step: string, now: number, kind: TargetKind): Observation {
  const [, location = 'local', letter = '', days, slot] =
    /^(?:([a-z]+):)?([FSTECX])(-?\d+)?(?:@(\d+))?$/.exec(step) ?? [];
  const result = RESULTS[letter as keyof typeof RESULTS];
  if (result === undefined) throw new Error(`no such step: ${step}`);
  return {
    eventId: `${now} ${location}`,
    slot: minute(slot === undefined ? now : Number(slot)),
    finishedAt: minute(now),
    location,
    outcome: OUTCOMES[kind][result],
    latencyMs: 1,
    result,
    ...(letter === 'C' ? { certificate: { daysRemaining: Number(days), warnDays: WARN_DAYS } } : {}),
  };
}

function inWords(event: Exclude<AlertEvent, { type: 'PolicyChanged' }>): string {
  const verb = VERBS[event.type];
  if (event.type === 'AlertAcknowledged') return verb;
  const { type } = event.data;
  if (event.type === 'AlertUnmuted') return `${verb} ${type}`;
  if (event.type === 'AlertRaised')
    return `${verb} ${type}${event.data.untold === undefined ? '' : ` (${event.data.untold})`}`;
  return `${verb} ${type}: ${event.data.reason}`;
}

function lastAlertId(events: readonly AlertEvent[]): string {
  const raised = events.findLast((event) => event.type === 'AlertRaised');
  return raised?.type === 'AlertRaised' ? raised.data.alertId : 'none';
}
