import type { Instant } from '@tocsin/kernel';

/** The per-monitor or per-job policy, field for field as in design section 6. */
export interface AlertConfig {
  readonly enabled: boolean;
  readonly notificationProviders: readonly string[];
  readonly alertOnFailure: boolean;
  readonly alertOnRecovery: boolean;
  readonly alertOnSslExpiration: boolean;
  readonly alertOnSuccess: boolean;
  readonly alertOnTimeout: boolean;
  readonly failureThreshold: number;
  readonly recoveryThreshold: number;
  readonly customMessage: string;
  /** nothing raised before this instant is told until it has passed; absent: not muted */
  readonly mutedUntil?: Instant | undefined;
  /** episodes within an hour from which a target counts as flapping; 0 never */
  readonly flapThreshold: number;
}

export const DEFAULT_ALERT_CONFIG: AlertConfig = {
  enabled: false,
  notificationProviders: [],
  alertOnFailure: true,
  alertOnRecovery: true,
  alertOnSslExpiration: false,
  alertOnSuccess: false,
  alertOnTimeout: false,
  failureThreshold: 1,
  recoveryThreshold: 1,
  customMessage: '',
  flapThreshold: 0,
};

export const MAX_PROVIDERS = 10;
