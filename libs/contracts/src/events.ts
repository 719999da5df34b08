import type {
  AlertAcknowledged,
  AlertConfig,
  AlertRaised,
  AlertResolved,
  AlertUnmuted,
  PolicyChanged,
} from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';
import type {
  CheckCompleted,
  CheckDue,
  CheckMissed,
  RunCompleted,
  RunDue,
  RunMissed,
  RunQueued,
  RunStarted,
  StatusChanged,
  TestKind,
} from '@tocsin/monitoring';
import type { NotificationDelivered, NotificationFailed, NotificationMuted } from '@tocsin/notifying';
import type { SubscribedType } from './subscribed-types.js';

/** Who changed something. */
export interface Actor {
  /** `key`: the key of a job, with which another system started it; `user`: somebody who signed in */
  readonly kind: 'token' | 'key' | 'user' | 'system';
  readonly id: string;
  /** of a user: the e-mail address */
  readonly name: string;
  /** what the change was part of: all changes of one `tocsin apply` have the same */
  readonly cause?: string | undefined;
}

interface ConfigBase {
  readonly project: string;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
}

/** What configuration files may own. */
interface OwnedConfig extends ConfigBase {
  /** the set of configuration files it is kept in; absent: it is kept by hand */
  readonly managedBy?: string | undefined;
}

type OpenConfig = Readonly<Record<string, unknown>>;

export interface MonitorConfigured extends OwnedConfig {
  readonly monitorId: string;
  readonly revision: number;
  readonly name: string;
  readonly type: string;
  readonly target: string;
  readonly intervalSeconds: number;
  readonly enabled: boolean;
  readonly enabledAt: Instant;
  readonly locations: readonly string[];
  /** `any`, `majority`, `all` or a number as text */
  readonly quorum: string;
  readonly config: OpenConfig;
  readonly secretVersion?: number | undefined;
  readonly alertConfig: AlertConfig;
}

export interface MonitorDeleted extends ConfigBase {
  readonly monitorId: string;
  readonly revision: number;
}

export interface JobConfigured extends OwnedConfig {
  readonly jobId: string;
  readonly revision: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly enabledAt: Instant;
  /** ids, in order; empty: the job runs elsewhere and is reported */
  readonly tests: readonly string[];
  /** 5 or 6 fields; absent: only people and other systems start it */
  readonly cron?: string | undefined;
  /** IANA name: what the cron expression is read in */
  readonly timeZone: string;
  readonly timeoutSeconds: number;
  /** how often a test that did not pass is tried again */
  readonly retries: number;
  readonly allowOverlap: boolean;
  readonly location: string;
  readonly alertConfig: AlertConfig;
}

export interface JobDeleted extends ConfigBase {
  readonly jobId: string;
  readonly revision: number;
}

export interface ProviderConfigured extends OwnedConfig {
  readonly providerId: string;
  readonly revision: number;
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly config: OpenConfig;
  readonly secretVersion?: number | undefined;
}

export interface ProviderDeleted extends ConfigBase {
  readonly providerId: string;
  readonly revision: number;
}

export interface AcknowledgementGiven extends ConfigBase {
  readonly alertId: string;
  readonly targetId: string;
  readonly note: string;
}

export interface RedriveRequested extends ConfigBase {
  readonly notificationId: string;
  readonly targetId: string;
}

/** A run was asked for; `changedAt` is its slot. */
export interface RunRequested extends ConfigBase {
  readonly runId: string;
  readonly jobId: string;
  readonly trigger: 'manual' | 'remote';
}

export interface RunCancelRequested extends ConfigBase {
  readonly runId: string;
  readonly jobId: string;
}

export interface TestConfigured extends OwnedConfig {
  readonly testId: string;
  readonly revision: number;
  readonly name: string;
  readonly kind: TestKind;
  readonly definition: OpenConfig;
}

export interface TestDeleted extends ConfigBase {
  readonly testId: string;
  readonly revision: number;
}

/** With `value`, or with `secretVersion` when that is secret. */
export interface VariableConfigured extends OwnedConfig {
  readonly variableId: string;
  readonly revision: number;
  readonly name: string;
  readonly value?: string | undefined;
  readonly secretVersion?: number | undefined;
}

export interface VariableDeleted extends ConfigBase {
  readonly variableId: string;
  readonly revision: number;
}

/** Another system is told of events over HTTP. */
export interface SubscriptionConfigured extends ConfigBase {
  readonly subscriptionId: string;
  readonly revision: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly eventTypes: readonly SubscribedType[];
  /** begins with what happened then or later; absent: with the first event there is */
  readonly startAt?: Instant | undefined;
  readonly config: OpenConfig;
  readonly secretVersion?: number | undefined;
}

export interface SubscriptionDeleted extends ConfigBase {
  readonly subscriptionId: string;
  readonly revision: number;
}

/** Every event of the log by the name its CloudEvents type ends in. */
export interface EventMap {
  CheckDue: CheckDue;
  CheckCompleted: CheckCompleted;
  CheckMissed: CheckMissed;
  RunDue: RunDue;
  RunQueued: RunQueued;
  RunStarted: RunStarted;
  RunCompleted: RunCompleted;
  RunMissed: RunMissed;
  StatusChanged: StatusChanged;
  AlertRaised: AlertRaised;
  AlertUnmuted: AlertUnmuted;
  AlertResolved: AlertResolved;
  AlertAcknowledged: AlertAcknowledged;
  PolicyChanged: PolicyChanged;
  NotificationDelivered: NotificationDelivered;
  NotificationFailed: NotificationFailed;
  NotificationMuted: NotificationMuted;
  MonitorConfigured: MonitorConfigured;
  MonitorDeleted: MonitorDeleted;
  JobConfigured: JobConfigured;
  JobDeleted: JobDeleted;
  ProviderConfigured: ProviderConfigured;
  ProviderDeleted: ProviderDeleted;
  AcknowledgementGiven: AcknowledgementGiven;
  RedriveRequested: RedriveRequested;
  RunRequested: RunRequested;
  RunCancelRequested: RunCancelRequested;
  TestConfigured: TestConfigured;
  TestDeleted: TestDeleted;
  VariableConfigured: VariableConfigured;
  VariableDeleted: VariableDeleted;
  SubscriptionConfigured: SubscriptionConfigured;
  SubscriptionDeleted: SubscriptionDeleted;
}

export type EventType = keyof EventMap;

/** An event with its CloudEvents attributes, before it has a place in a stream. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    readonly id: string;
    /** the service that speaks, e.g. `tocsin/executor` */
    readonly source: string;
    readonly time: Instant;
    /** NATS subject, from `subjects` */
    readonly natsSubject: string;
    /** uuid of the entity it is about */
    readonly entityId: string;
    readonly data: EventMap[K];
    /** W3C trace context, when tracing is on */
    readonly traceparent?: string | undefined;
  };
}[T];

/** An event as it came out of a stream. */
export type LoggedEvent<T extends EventType = EventType> = NewEvent<T> & {
  /** stream sequence */
  readonly sequence: number;
};
