import type { ResolveReason, UntoldReason } from '@tocsin/alerting';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TellableEvent } from './alert-event.js';
import { type PlannedNotification, type ProviderStanding, planNotifications, type Told } from './plan.js';

const RAISED_AT = '2026-03-01T12:00:00.000Z';

const base = {
  alertId: 'alert-1',
  project: 'default',
  target: { id: 'm1', kind: 'monitor', name: 'shop', url: 'https://shop.example' },
  type: 'failure',
  severity: 'error',
  policyRevision: 1,
  providers: ['p1'],
  customMessage: '',
  position: 1,
  raisedAt: RAISED_AT,
  evidence: [],
} as const;

const raised = (over: { untold?: UntoldReason; providers?: string[] } = {}): TellableEvent => ({
  type: 'alert.raised',
  data: { ...base, reason: 'threshold_reached', since: RAISED_AT, locations: ['local'], ...over },
});

const unmuted = (): TellableEvent => ({
  type: 'alert.unmuted',
  data: { ...base, unmutedAt: RAISED_AT, since: RAISED_AT },
});

interface End {
  reason?: ResolveReason;
  recoveryWanted?: boolean;
  raiseUntold?: UntoldReason;
  providers?: string[];
  type?: 'failure' | 'success';
}

const resolved = (over: End = {}): TellableEvent => ({
  type: 'alert.resolved',
  data: {
    ...base,
    reason: 'recovered',
    since: RAISED_AT,
    resolvedAt: RAISED_AT,
    durationMs: 0,
    recoveryWanted: true,
    ...over,
  },
});

const ON: ProviderStanding = { enabled: true };
const OFF: ProviderStanding = { enabled: false };
const PAGER: ProviderStanding = { enabled: true, holdsIncident: true };

const raiseWas = (state: Told['state']): Told[] => [{ providerId: 'p1', state }];
const toldIds = (plan: readonly PlannedNotification[]) =>
  plan.filter(({ decision }) => decision === 'planned').map(({ providerId }) => providerId);

describe('R6: who hears of an alert', () => {
  const rows: [string, TellableEvent, Told[], ProviderStanding | undefined, string][] = [
    ['a raise is told', raised(), [], ON, 'planned told'],
    ['a raise is kept from a provider that is off', raised(), [], OFF, 'muted provider_disabled'],
    ['a raise cannot reach a provider that is gone', raised(), [], undefined, 'muted provider_deleted'],
    ['a muted raise is not told', raised({ untold: 'muted' }), [], ON, 'muted muted'],
    ['alertOnFailure off', raised({ untold: 'failure_not_wanted' }), [], ON, 'muted failure_not_wanted'],
    ['a type nobody wants', raised({ untold: 'type_not_wanted' }), [], ON, 'muted type_not_wanted'],
    ['the mute outranks the provider', raised({ untold: 'muted' }), [], OFF, 'muted muted'],
    ['the end of a mute is told', unmuted(), raiseWas('muted'), ON, 'planned told'],
    ['the end of a mute is not told twice', unmuted(), raiseWas('delivered'), ON, 'muted already_told'],
    ['who heard hears the end', resolved(), raiseWas('delivered'), ON, 'planned heard_the_raise'],
    ['a raise still planned counts as heard', resolved(), raiseWas('planned'), ON, 'planned heard_the_raise'],
    ['a raise under way counts', resolved(), raiseWas('in_flight'), ON, 'planned heard_the_raise'],
    [
      'K10 a raise that failed for good was not heard',
      resolved(),
      raiseWas('failed'),
      ON,
      'muted did_not_hear',
    ],
    ['who was muted hears no end', resolved(), raiseWas('muted'), ON, 'muted did_not_hear'],
    ['K2 no recovery without its failure', resolved(), [], ON, 'muted did_not_hear'],
    [
      'an edit does not keep the end away',
      resolved({ providers: [] }),
      raiseWas('delivered'),
      ON,
      'planned heard_the_raise',
    ],
    [
      'nor does switching the provider off',
      resolved(),
      raiseWas('delivered'),
      OFF,
      'planned heard_the_raise',
    ],
    [
      'a deleted provider cannot hear',
      resolved(),
      raiseWas('delivered'),
      undefined,
      'muted provider_deleted',
    ],
    [
      'a deleted monitor is told as closed',
      resolved({ reason: 'deleted', recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'planned heard_the_raise',
    ],
    [
      'so is a paused one',
      resolved({ reason: 'paused', recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'planned heard_the_raise',
    ],
    [
      'so is a disabled one',
      resolved({ reason: 'disabled', recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'planned heard_the_raise',
    ],
    [
      'so is a superseded one',
      resolved({ reason: 'superseded', recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'planned heard_the_raise',
    ],
    [
      'alertOnRecovery off',
      resolved({ recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'muted recovery_not_wanted',
    ],
    [
      'alertOnRecovery off, ended',
      resolved({ reason: 'ended', recoveryWanted: false }),
      raiseWas('delivered'),
      ON,
      'muted recovery_not_wanted',
    ],
    [
      'an open incident is closed all the same',
      resolved({ recoveryWanted: false }),
      raiseWas('delivered'),
      PAGER,
      'planned heard_the_raise',
    ],
    [
      'alertOnFailure off: the recovery alone',
      resolved({ raiseUntold: 'failure_not_wanted' }),
      raiseWas('muted'),
      ON,
      'planned recovery_alone',
    ],
    [
      'the recovery alone needs the provider on',
      resolved({ raiseUntold: 'failure_not_wanted' }),
      [],
      OFF,
      'muted provider_disabled',
    ],
    [
      'the recovery alone needs the provider',
      resolved({ raiseUntold: 'failure_not_wanted' }),
      [],
      undefined,
      'muted provider_deleted',
    ],
    [
      'a closing is no recovery alone',
      resolved({ raiseUntold: 'failure_not_wanted', reason: 'paused' }),
      [],
      ON,
      'muted did_not_hear',
    ],
    [
      'both off: nothing',
      resolved({ raiseUntold: 'failure_not_wanted', recoveryWanted: false }),
      [],
      ON,
      'muted did_not_hear',
    ],
    [
      'muted is not unwanted',
      resolved({ raiseUntold: 'muted' }),
      raiseWas('muted'),
      ON,
      'muted did_not_hear',
    ],
    [
      'the recovery alone is for those named now',
      resolved({ raiseUntold: 'failure_not_wanted', providers: [] }),
      raiseWas('muted'),
      ON,
      'muted did_not_hear',
    ],
    [
      'a success has no end to tell',
      resolved({ type: 'success', reason: 'ended' }),
      raiseWas('delivered'),
      PAGER,
      'muted success_has_no_end',
    ],
    [
      'not even when it was not heard',
      resolved({ type: 'success', reason: 'ended' }),
      [],
      ON,
      'muted success_has_no_end',
    ],
  ];

  it.each(rows)('%s', (_, event, heard, provider, expected) => {
    const plan = planNotifications(event, heard, new Map(provider === undefined ? [] : [['p1', provider]]));
    expect(plan.map(({ providerId, decision, reason }) => `${providerId} ${decision} ${reason}`)).toEqual([
      `p1 ${expected}`,
    ]);
  });

  it('asks nobody who is neither named nor heard anything', () => {
    expect(planNotifications(raised({ providers: [] }), [], new Map([['p1', ON]]))).toEqual([]);
  });
});

describe('whatever happened before', () => {
  const ids = fc.constantFrom('p1', 'p2', 'p3', 'p4');
  const heard = fc.array(
    fc.record({
      providerId: ids,
      state: fc.constantFrom<Told['state']>('planned', 'in_flight', 'delivered', 'failed', 'muted'),
    }),
  );
  const providers = fc
    .dictionary(ids, fc.record({ enabled: fc.boolean(), holdsIncident: fc.boolean() }))
    .map((record) => new Map(Object.entries(record)));
  const untold = fc.constantFrom<UntoldReason | undefined>(
    undefined,
    'muted',
    'failure_not_wanted',
    'type_not_wanted',
  );
  const end = fc
    .record({
      reason: fc.constantFrom<ResolveReason>(
        'recovered',
        'paused',
        'disabled',
        'deleted',
        'ended',
        'superseded',
      ),
      recoveryWanted: fc.boolean(),
      raiseUntold: untold,
      providers: fc.array(ids),
      type: fc.constantFrom('failure' as const, 'success' as const),
    })
    .map(({ raiseUntold, ...rest }) => resolved(raiseUntold === undefined ? rest : { ...rest, raiseUntold }));
  const beginning = fc.oneof(
    fc
      .record({ untold, providers: fc.array(ids) })
      .map(({ untold: why, providers: named }) =>
        raised(why === undefined ? { providers: named } : { untold: why, providers: named }),
      ),
    fc.constant(unmuted()),
  );

  it('each provider named has exactly one answer', () => {
    fc.assert(
      fc.property(fc.oneof(beginning, end), heard, providers, (event, told, known) => {
        const answered = planNotifications(event, told, known).map(({ providerId }) => providerId);
        expect(new Set(answered).size).toBe(answered.length);
        for (const id of event.data.providers) expect(answered).toContain(id);
      }),
    );
  });

  it('only a provider that exists is told', () => {
    fc.assert(
      fc.property(fc.oneof(beginning, end), heard, providers, (event, told, known) => {
        for (const id of toldIds(planNotifications(event, told, known))) expect(known.has(id)).toBe(true);
      }),
    );
  });

  it('R4 R6 no end without a raise that was heard, but for the recovery alone', () => {
    fc.assert(
      fc.property(end, heard, providers, (event, told, known) => {
        const heardRaise = (id: string) =>
          told.some((one) => one.providerId === id && one.state !== 'failed' && one.state !== 'muted');
        const unheard = planNotifications(event, told, known).filter(
          ({ providerId, decision }) => decision === 'planned' && !heardRaise(providerId),
        );
        const failureUnwanted =
          event.type === 'alert.resolved' && event.data.raiseUntold === 'failure_not_wanted';
        expect(unheard.filter(({ reason }) => reason !== 'recovery_alone')).toEqual([]);
        expect(unheard.length === 0 || failureUnwanted).toBe(true);
      }),
    );
  });

  it('an incident that was opened is always closed while its provider exists', () => {
    fc.assert(
      fc.property(end, (event) => {
        const known = new Map([['p1', PAGER]]);
        const plan = planNotifications(event, [{ providerId: 'p1', state: 'delivered' }], known);
        expect(toldIds(plan).includes('p1')).toBe(event.data.type !== 'success');
      }),
    );
  });
});
