import type {
  AlertAcknowledged,
  AlertConfig,
  AlertRaised,
  AlertResolved,
  AlertUnmuted,
  PolicyChanged,
} from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';
import type { CheckCompleted, CheckDue, CheckMissed, RunCompleted, StatusChanged } from '@tocsin/monitoring';
import type { NotificationDelivered, NotificationFailed, NotificationMuted } from '@tocsin/notifying';

/** Who changed something. */
export interface Actor {
  readonly kind: 'token' | 'system';
  readonly id: string;
  readonly name: string;
}

interface ConfigBase {
  readonly project: string;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
}

type OpenConfig = Readonly<Record<string, unknown>>;

export interface MonitorConfigured extends ConfigBase {
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

export interface JobConfigured extends ConfigBase {
  readonly jobId: string;
  readonly revision: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly enabledAt: Instant;
  readonly alertConfig: AlertConfig;
}

export interface JobDeleted extends ConfigBase {
  readonly jobId: string;
  readonly revision: number;
}

export interface ProviderConfigured extends ConfigBase {
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

/** Every event of the log by the name its CloudEvents type ends in. */
export interface EventMap {
  CheckDue: CheckDue;
  CheckCompleted: CheckCompleted;
  CheckMissed: CheckMissed;
  RunCompleted: RunCompleted;
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
