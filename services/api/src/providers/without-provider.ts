import type { AlertConfig } from '@tocsin/alerting';

/** Alerts that nobody would hear of are switched off rather than left to look as if somebody did. */
export function withoutProvider(config: AlertConfig, providerId: string): AlertConfig {
  const notificationProviders = config.notificationProviders.filter((id) => id !== providerId);
  return { ...config, notificationProviders, enabled: config.enabled && notificationProviders.length > 0 };
}
