import { DEFAULT_ALERT_CONFIG as DEFAULTS, MAX_PROVIDERS } from '@tocsin/alerting';
import { z } from 'zod';
import { id, instant, instantInput } from './ids.js';

const threshold = z.int32().min(1);

/** Without defaults: what a PATCH may name. */
const fields = {
  enabled: z.boolean(),
  notificationProviders: z
    .array(id)
    .max(MAX_PROVIDERS, `at most ${MAX_PROVIDERS} providers`)
    .refine((list) => new Set(list).size === list.length, 'must not name a provider twice'),
  alertOnFailure: z.boolean(),
  alertOnRecovery: z.boolean(),
  alertOnSslExpiration: z.boolean(),
  alertOnSuccess: z.boolean(),
  alertOnTimeout: z.boolean(),
  failureThreshold: threshold,
  recoveryThreshold: threshold,
  customMessage: z.string().max(2_000),
  mutedUntil: instantInput.optional(),
  flapThreshold: z.int().min(0).max(1_000),
};

const withDefaults = {
  enabled: fields.enabled.default(DEFAULTS.enabled),
  notificationProviders: fields.notificationProviders.default([...DEFAULTS.notificationProviders]),
  alertOnFailure: fields.alertOnFailure.default(DEFAULTS.alertOnFailure),
  alertOnRecovery: fields.alertOnRecovery.default(DEFAULTS.alertOnRecovery),
  alertOnSslExpiration: fields.alertOnSslExpiration.default(DEFAULTS.alertOnSslExpiration),
  alertOnSuccess: fields.alertOnSuccess.default(DEFAULTS.alertOnSuccess),
  alertOnTimeout: fields.alertOnTimeout.default(DEFAULTS.alertOnTimeout),
  failureThreshold: fields.failureThreshold.default(DEFAULTS.failureThreshold),
  recoveryThreshold: fields.recoveryThreshold.default(DEFAULTS.recoveryThreshold),
  customMessage: fields.customMessage.default(DEFAULTS.customMessage),
  mutedUntil: fields.mutedUntil,
  flapThreshold: fields.flapThreshold.default(DEFAULTS.flapThreshold),
};

const ALERT_ON = {
  monitor: ['alertOnFailure', 'alertOnRecovery', 'alertOnSslExpiration'],
  job: ['alertOnFailure', 'alertOnRecovery', 'alertOnSuccess', 'alertOnTimeout'],
} as const;

const inputFor = (kind: keyof typeof ALERT_ON) =>
  z.strictObject(withDefaults).superRefine((config, context) => {
    if (!config.enabled) return;
    if (config.notificationProviders.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['notificationProviders'],
        message: 'enabled alerts need at least one provider',
      });
    if (!ALERT_ON[kind].some((type) => config[type]))
      context.addIssue({
        code: 'custom',
        path: ['alertOnFailure'],
        message: `enabled alerts need at least one of ${ALERT_ON[kind].join(', ')}`,
      });
  });

export const monitorAlertConfig = inputFor('monitor').meta({ id: 'MonitorAlertConfig' });
export const jobAlertConfig = inputFor('job').meta({ id: 'JobAlertConfig' });

/** Named fields replace the stored ones; `mutedUntil: null` ends a mute. The result must pass the whole schema. */
export const alertConfigPatch = z
  .strictObject({ ...fields, mutedUntil: instantInput.nullable() })
  .partial()
  .meta({ id: 'AlertConfigPatch' });

export const alertConfigView = z
  .object({ ...fields, mutedUntil: instant.optional() })
  .meta({ id: 'AlertConfig' });

export type AlertConfigInput = z.input<typeof monitorAlertConfig>;
export type AlertConfigPatch = z.output<typeof alertConfigPatch>;
