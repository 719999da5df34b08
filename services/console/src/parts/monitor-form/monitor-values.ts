import { DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import { monitorKinds } from '@tocsin/contracts';
import type { MonitorView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { MonitorKind } from '@tocsin/monitoring';

/** What the form holds; `monitorInput` of the api says what of it is right. */
export interface MonitorValues {
  type: MonitorKind;
  name: string;
  target: string;
  intervalSeconds: number;
  enabled: boolean;
  locations: string[];
  quorum: string | number;
  description?: string | undefined;
  tags: string[];
  /** not as JSON, for the types of the form follow it without end */
  config: Record<string, unknown>;
  alertConfig: MonitorView['alertConfig'];
}

/** What a kind cannot do without and nobody can guess. */
const NEEDED: Partial<Record<MonitorKind, JsonObject>> = {
  port_check: { port: 443 },
  synthetic_test: { testId: '00000000-0000-0000-0000-000000000000' },
};

/** The settings of a kind as they are when nothing is said of them. */
export function usualConfig(type: MonitorKind): JsonObject {
  const config = monitorKinds[type].schema.parse(NEEDED[type] ?? {}) as JsonObject;
  return type === 'synthetic_test' ? { ...config, testId: '' } : config;
}

export const newMonitor = (type: MonitorKind): MonitorValues => ({
  type,
  name: '',
  target: '',
  intervalSeconds: 60,
  enabled: true,
  locations: ['local'],
  quorum: 'any',
  tags: [],
  config: usualConfig(type),
  alertConfig: { ...DEFAULT_ALERT_CONFIG, notificationProviders: [] },
});

/** What was typed for one kind is not typed again for another that has it too. */
export function asKind(values: MonitorValues, type: MonitorKind): MonitorValues {
  const usual = usualConfig(type);
  const kept = isHttp(type) && isHttp(values.type) ? values.config : {};
  const config = Object.fromEntries(
    Object.entries({ ...usual, ...kept }).filter(
      ([key]) => type === 'website' || !WEBSITE_ONLY.includes(key),
    ),
  );
  const hasTarget = type !== 'heartbeat' && type !== 'synthetic_test';
  return { ...values, type, target: hasTarget ? values.target : '', config };
}

const WEBSITE_ONLY = ['enableSslCheck', 'sslDaysUntilExpirationWarning'];
const isHttp = (type: MonitorKind): boolean => type === 'http_request' || type === 'website';

export function valuesOf(monitor: MonitorView): MonitorValues {
  const { type, name, target, intervalSeconds, enabled, locations, quorum, description, tags } = monitor;
  return {
    type,
    name,
    target,
    intervalSeconds,
    enabled,
    locations,
    quorum,
    ...(description === undefined ? {} : { description }),
    tags,
    config: monitor.config,
    alertConfig: monitor.alertConfig,
  };
}

/** A copy starts without the secrets: their masks mean nothing to a monitor that never had them. */
export function copyOf(monitor: MonitorView): MonitorValues {
  const values = valuesOf(monitor);
  const config = monitor.config as JsonObject;
  const paths = monitorKinds[monitor.type].secretPaths(config);
  return { ...values, name: `${values.name} (copy)`, config: paths.reduce(emptied, config) };
}

function emptied(config: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || !Object.hasOwn(config, key)) return config;
  const inner = config[key];
  if (rest.length === 0) return { ...config, [key]: '' };
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? { ...config, [key]: emptied(inner, rest) }
    : config;
}
