import type { LoggedEvent } from '@tocsin/contracts';
import { derivedId, type Instant, type JsonObject } from '@tocsin/kernel';
import { buildMessage, planNotifications, type TellableEvent, type Told } from '@tocsin/notifying';
import { storable } from '../storable.js';

export interface ProviderRow {
  readonly id: string;
  readonly project: string;
  readonly kind: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly secret_version: number | null;
  readonly enabled: boolean;
  readonly revision: number;
  readonly deleted: boolean;
}

export interface AlertEventRow {
  readonly id: string;
  readonly alert_id: string;
  readonly type: string;
  readonly data: object;
  readonly traceparent: string | null;
  readonly message: string;
  readonly history_type: string;
  readonly target: string;
}

export interface NotificationRow {
  readonly id: string;
  readonly project: string;
  readonly alert_id: string;
  readonly alert_event_id: string;
  readonly alert_event: string;
  readonly target_id: string;
  readonly target_kind: string;
  readonly provider_id: string;
  readonly provider_name: string;
  readonly provider_kind: string;
  readonly state: 'planned' | 'delivered' | 'failed' | 'muted';
  readonly reason: string | null;
  readonly planned_at: Instant;
  readonly next_attempt_at: Instant | null;
  readonly finished_at: Instant | null;
  readonly attempts: number;
}

export interface RedriveRow {
  readonly event_id: string;
  readonly notification_id: string;
  readonly requested_at: Instant;
}

export type HeardRow = Pick<NotificationRow, 'alert_id' | 'alert_event' | 'provider_id' | 'state'>;

/** What the tables hold of the providers and alerts that a batch is about. */
export interface Known {
  readonly providers: readonly ProviderRow[];
  readonly alertEvents: ReadonlySet<string>;
  readonly heard: readonly HeardRow[];
}

export interface Plan {
  readonly providers: readonly ProviderRow[];
  readonly alertEvents: readonly AlertEventRow[];
  readonly notifications: readonly NotificationRow[];
  readonly redrives: readonly RedriveRow[];
}

const ALERT_EVENTS = {
  AlertRaised: 'alert.raised',
  AlertUnmuted: 'alert.unmuted',
  AlertResolved: 'alert.resolved',
} as const;
const ORDER: Readonly<Record<string, number>> = {
  'alert.raised': 0,
  'alert.unmuted': 1,
  'alert.resolved': 2,
};

export function tellable(event: LoggedEvent): TellableEvent | undefined {
  const type = ALERT_EVENTS[event.type as keyof typeof ALERT_EVENTS] as TellableEvent['type'] | undefined;
  return type === undefined ? undefined : ({ type, data: event.data } as TellableEvent);
}

/** Folds a batch, event by event, over what is known. @param now bounds when a first attempt is due: clocks differ */
export function planBatch(events: readonly LoggedEvent[], known: Known, now: Instant): Plan {
  const providers = new Map(known.providers.map((row) => [row.id, row]));
  const changed = new Map<string, ProviderRow>();
  const alertEvents = new Map<string, AlertEventRow>();
  const heard: HeardRow[] = [...known.heard];
  const notifications: NotificationRow[] = [];
  const redrives: RedriveRow[] = [];

  for (const event of events) {
    const provider = providerAfter(event, providers);
    if (provider !== undefined) {
      providers.set(provider.id, provider);
      changed.set(provider.id, provider);
    }
    if (event.type === 'RedriveRequested')
      redrives.push({
        event_id: event.id,
        notification_id: event.data.notificationId,
        requested_at: event.data.changedAt,
      });
    const told = tellable(event);
    // The log may hand out an event again under another sequence: what is known is not planned twice.
    if (told === undefined || known.alertEvents.has(event.id) || alertEvents.has(event.id)) continue;
    alertEvents.set(event.id, alertEventRow(event, told));
    for (const row of notificationsOf(event, told, heard, providers)) {
      const due = row.next_attempt_at;
      notifications.push(due !== null && due > now ? { ...row, next_attempt_at: now } : row);
      heard.push(row);
    }
  }
  return {
    providers: [...changed.values()],
    alertEvents: [...alertEvents.values()],
    notifications,
    redrives,
  };
}

/** The provider as the event leaves it; undefined when it leaves it as it was. */
function providerAfter(
  event: LoggedEvent,
  providers: ReadonlyMap<string, ProviderRow>,
): ProviderRow | undefined {
  if (event.type !== 'ProviderConfigured' && event.type !== 'ProviderDeleted') return undefined;
  const { data } = event;
  const before = providers.get(data.providerId);
  if (before !== undefined && before.revision >= data.revision) return undefined;
  if (event.type === 'ProviderConfigured') {
    const {
      providerId: id,
      project,
      type: kind,
      name,
      config,
      secretVersion,
      enabled,
      revision,
    } = event.data;
    const open = config as JsonObject;
    const secret_version = secretVersion ?? null;
    return { id, project, kind, name, config: open, secret_version, enabled, revision, deleted: false };
  }
  const { providerId: id, project, revision } = data;
  const gone = before ?? { id, project, kind: '', name: '', config: {}, secret_version: null };
  return { ...gone, enabled: false, revision, deleted: true };
}

function alertEventRow(event: LoggedEvent, told: TellableEvent): AlertEventRow {
  const message = buildMessage(told, { publicUrl: '' });
  return {
    id: event.id,
    alert_id: told.data.alertId,
    type: told.type,
    data: storable(told.data),
    traceparent: event.traceparent ?? null,
    message: message.text,
    history_type: message.variables.type ?? '',
    target: message.target.name,
  };
}

function notificationsOf(
  event: LoggedEvent,
  told: TellableEvent,
  heard: readonly HeardRow[],
  providers: ReadonlyMap<string, ProviderRow>,
): NotificationRow[] {
  const { alertId, project, target } = told.data;
  const earlier: Told[] = heard
    .filter((row) => row.alert_id === alertId && (ORDER[row.alert_event] ?? 0) < (ORDER[told.type] ?? 0))
    .map(({ provider_id, state }) => ({ providerId: provider_id, state }));
  return planNotifications(told, earlier, standings(told, earlier, providers)).map((planned) => {
    const provider = providers.get(planned.providerId);
    const isPlanned = planned.decision === 'planned';
    return {
      id: derivedId('notification', event.id, planned.providerId),
      project,
      alert_id: alertId,
      alert_event_id: event.id,
      alert_event: told.type,
      target_id: target.id,
      target_kind: target.kind,
      provider_id: planned.providerId,
      provider_name: provider?.name ?? '',
      provider_kind: provider?.kind ?? '',
      state: planned.decision,
      reason: planned.reason,
      planned_at: event.time,
      next_attempt_at: isPlanned ? event.time : null,
      finished_at: isPlanned ? null : event.time,
      attempts: 0,
    };
  });
}

/**
 * A provider nobody has heard of yet is taken for one that is about to be known (its event may be another process's to
 * fold): only one that was deleted is gone.
 */
function standings(
  told: TellableEvent,
  earlier: readonly Told[],
  providers: ReadonlyMap<string, ProviderRow>,
): ReadonlyMap<string, { enabled: boolean }> {
  const ids = [...told.data.providers, ...earlier.map(({ providerId }) => providerId)];
  const known = new Map<string, { enabled: boolean }>();
  for (const id of ids) {
    const provider = providers.get(id);
    if (provider?.deleted !== true) known.set(id, { enabled: provider?.enabled ?? true });
  }
  return known;
}
