import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventMap, EventType } from './events.js';
import type * as alerting from './gen/tocsin/v1/alerting_pb.js';
import type * as config from './gen/tocsin/v1/config_pb.js';
import type * as monitoring from './gen/tocsin/v1/monitoring_pb.js';
import type * as notifying from './gen/tocsin/v1/notifying_pb.js';
import { eventSchemas } from './schemas.js';

/** The JSON forms that the compiler made of `proto/`, by the name of the event. */
interface Generated {
  CheckDue: monitoring.CheckDueJson;
  CheckCompleted: monitoring.CheckCompletedJson;
  CheckMissed: monitoring.CheckMissedJson;
  RunCompleted: monitoring.RunCompletedJson;
  RunDue: monitoring.RunDueJson;
  RunQueued: monitoring.RunQueuedJson;
  RunStarted: monitoring.RunStartedJson;
  RunMissed: monitoring.RunMissedJson;
  StatusChanged: monitoring.StatusChangedJson;
  AlertRaised: alerting.AlertRaisedJson;
  AlertUnmuted: alerting.AlertUnmutedJson;
  AlertResolved: alerting.AlertResolvedJson;
  AlertAcknowledged: alerting.AlertAcknowledgedJson;
  PolicyChanged: alerting.PolicyChangedJson;
  NotificationDelivered: notifying.NotificationDeliveredJson;
  NotificationFailed: notifying.NotificationFailedJson;
  NotificationMuted: notifying.NotificationMutedJson;
  MonitorConfigured: config.MonitorConfiguredJson;
  MonitorDeleted: config.MonitorDeletedJson;
  JobConfigured: config.JobConfiguredJson;
  JobDeleted: config.JobDeletedJson;
  ProviderConfigured: config.ProviderConfiguredJson;
  ProviderDeleted: config.ProviderDeletedJson;
  AcknowledgementGiven: config.AcknowledgementGivenJson;
  RedriveRequested: config.RedriveRequestedJson;
  RunRequested: config.RunRequestedJson;
  RunCancelRequested: config.RunCancelRequestedJson;
  TestConfigured: config.TestConfiguredJson;
  TestDeleted: config.TestDeletedJson;
  VariableConfigured: config.VariableConfiguredJson;
  VariableDeleted: config.VariableDeletedJson;
  SubscriptionConfigured: config.SubscriptionConfiguredJson;
  SubscriptionDeleted: config.SubscriptionDeletedJson;
}

/** What both sides must agree in: the names of fields, all the way down, and the JSON type of each scalar. */
type Shape<T> = T extends 'NaN' | 'Infinity' | '-Infinity'
  ? never // how proto3 JSON spells three doubles; none of our numbers is one of them
  : T extends string
    ? string
    : T extends number
      ? number
      : T extends boolean
        ? boolean
        : string extends keyof T
          ? 'open'
          : T extends readonly (infer Item)[]
            ? Shape<Item>[]
            : { -readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> };

type Checked = { [K in EventType]: Shape<EventMap[K]> };
type Promised = { [K in keyof Generated]: Shape<Generated[K]> };

describe('the published language', () => {
  it('has every event, and no event that proto does not know', () => {
    expectTypeOf<keyof Promised>().toEqualTypeOf<EventType>();
  });

  it('has the fields of the domain in every event of monitoring', () => {
    expectTypeOf<Checked['CheckDue']>().toEqualTypeOf<Promised['CheckDue']>();
    expectTypeOf<Checked['CheckCompleted']>().toEqualTypeOf<Promised['CheckCompleted']>();
    expectTypeOf<Checked['CheckMissed']>().toEqualTypeOf<Promised['CheckMissed']>();
    expectTypeOf<Checked['RunCompleted']>().toEqualTypeOf<Promised['RunCompleted']>();
    expectTypeOf<Checked['RunDue']>().toEqualTypeOf<Promised['RunDue']>();
    expectTypeOf<Checked['RunQueued']>().toEqualTypeOf<Promised['RunQueued']>();
    expectTypeOf<Checked['RunStarted']>().toEqualTypeOf<Promised['RunStarted']>();
    expectTypeOf<Checked['RunMissed']>().toEqualTypeOf<Promised['RunMissed']>();
    expectTypeOf<Checked['StatusChanged']>().toEqualTypeOf<Promised['StatusChanged']>();
  });

  it('has the fields of the domain in every event of alerting', () => {
    expectTypeOf<Checked['AlertRaised']>().toEqualTypeOf<Promised['AlertRaised']>();
    expectTypeOf<Checked['AlertUnmuted']>().toEqualTypeOf<Promised['AlertUnmuted']>();
    expectTypeOf<Checked['AlertResolved']>().toEqualTypeOf<Promised['AlertResolved']>();
    expectTypeOf<Checked['AlertAcknowledged']>().toEqualTypeOf<Promised['AlertAcknowledged']>();
    expectTypeOf<Checked['PolicyChanged']>().toEqualTypeOf<Promised['PolicyChanged']>();
  });

  it('has the fields of the domain in every event of notifying', () => {
    expectTypeOf<Checked['NotificationDelivered']>().toEqualTypeOf<Promised['NotificationDelivered']>();
    expectTypeOf<Checked['NotificationFailed']>().toEqualTypeOf<Promised['NotificationFailed']>();
    expectTypeOf<Checked['NotificationMuted']>().toEqualTypeOf<Promised['NotificationMuted']>();
  });

  it('has the fields of the domain in every event of configuration', () => {
    expectTypeOf<Checked['MonitorConfigured']>().toEqualTypeOf<Promised['MonitorConfigured']>();
    expectTypeOf<Checked['MonitorDeleted']>().toEqualTypeOf<Promised['MonitorDeleted']>();
    expectTypeOf<Checked['JobConfigured']>().toEqualTypeOf<Promised['JobConfigured']>();
    expectTypeOf<Checked['JobDeleted']>().toEqualTypeOf<Promised['JobDeleted']>();
    expectTypeOf<Checked['ProviderConfigured']>().toEqualTypeOf<Promised['ProviderConfigured']>();
    expectTypeOf<Checked['ProviderDeleted']>().toEqualTypeOf<Promised['ProviderDeleted']>();
    expectTypeOf<Checked['AcknowledgementGiven']>().toEqualTypeOf<Promised['AcknowledgementGiven']>();
    expectTypeOf<Checked['RedriveRequested']>().toEqualTypeOf<Promised['RedriveRequested']>();
    expectTypeOf<Checked['RunRequested']>().toEqualTypeOf<Promised['RunRequested']>();
    expectTypeOf<Checked['RunCancelRequested']>().toEqualTypeOf<Promised['RunCancelRequested']>();
    expectTypeOf<Checked['TestConfigured']>().toEqualTypeOf<Promised['TestConfigured']>();
    expectTypeOf<Checked['TestDeleted']>().toEqualTypeOf<Promised['TestDeleted']>();
    expectTypeOf<Checked['VariableConfigured']>().toEqualTypeOf<Promised['VariableConfigured']>();
    expectTypeOf<Checked['VariableDeleted']>().toEqualTypeOf<Promised['VariableDeleted']>();
    expectTypeOf<Checked['SubscriptionConfigured']>().toEqualTypeOf<Promised['SubscriptionConfigured']>();
    expectTypeOf<Checked['SubscriptionDeleted']>().toEqualTypeOf<Promised['SubscriptionDeleted']>();
  });

  it('is what the schemas let in: each gives exactly the type of its event', () => {
    type Parsed = { [K in EventType]: Shape<ReturnType<(typeof eventSchemas)[K]['parse']>> };
    expectTypeOf<Parsed>().toEqualTypeOf<Checked>();
    expect(Object.keys(eventSchemas)).toHaveLength(33);
  });
});
