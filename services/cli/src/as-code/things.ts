import { MAX_PROVIDERS } from '@tocsin/alerting';
import { browserDefinition, monitorKinds, providerKinds } from '@tocsin/contracts';
import {
  jobAlertConfig,
  jobInput,
  monitorAlertConfig,
  monitorInput,
  providerInput,
  testInput,
  variableInput,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import { MONITOR_KINDS, TEST_KINDS } from '@tocsin/monitoring';
import { z } from 'zod';
import { inputOf, placeholders } from './input.js';

const reference = z.string().trim().min(1).max(255);
const namesOf = (what: string, max: number) =>
  z
    .array(reference)
    .max(max, `at most ${max} ${what}s`)
    .refine((list) => new Set(list).size === list.length, `must not name a ${what} twice`);

/** Who owns a thing is said once, for all of a document. */
function withoutOwner<Shape extends z.ZodRawShape>(shape: Shape): Omit<Shape, 'managedBy'> {
  const { managedBy: _, ...fields } = shape as Shape & { managedBy?: z.ZodType };
  return fields;
}

/** A mute is what somebody did for the moment: files neither say it nor end it. */
const { mutedUntil: _monitorMute, notificationProviders: _m, ...monitorAlerts } = monitorAlertConfig.shape;
const { mutedUntil: _jobMute, notificationProviders: _j, ...jobAlerts } = jobAlertConfig.shape;
const notificationProviders = namesOf('provider', MAX_PROVIDERS)
  .default([])
  .meta({ description: 'names of providers' });

/** Says what there is, where zod would say it in its own words. */
const oneOf = (field: string, values: readonly string[]) => ({
  error: (issue: { readonly code: string }) =>
    issue.code === 'invalid_union' ? `${field} must be one of ${values.join(', ')}` : undefined,
});

/** What the api will say of the thing as a whole, once each field is right by itself. */
const asTheApi =
  (kind: 'monitor' | 'job', schema: z.ZodType) =>
  (thing: unknown, context: z.RefinementCtx): void => {
    const parsed = schema.safeParse(inputOf(kind, thing as JsonObject, placeholders()));
    for (const { path, message } of parsed.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message });
  };

export const provider = z.discriminatedUnion(
  'type',
  providerInput.options.map((option) => z.strictObject(withoutOwner(option.shape))) as unknown as [
    z.ZodObject<Omit<(typeof providerInput.options)[number]['shape'], 'managedBy'>, z.core.$strict>,
  ],
  oneOf('type', Object.keys(providerKinds)),
);

const text = variableInput.shape.value;
export const variable = z
  .strictObject({
    name: variableInput.shape.name,
    value: text.optional(),
    secret: text
      .optional()
      .meta({ description: 'the value of one that is never shown; from the environment' }),
    description: variableInput.shape.description,
  })
  .refine(({ value, secret }) => (value === undefined) !== (secret === undefined), {
    error: 'needs either a value or a secret',
  });

const { config: _settings, alertConfig: _alerts, ...monitorFields } = monitorInput.options[0].shape;
type MonitorShape = Omit<typeof monitorFields, 'managedBy'> & {
  config: (typeof monitorInput.options)[0]['shape']['config'];
  alertConfig: typeof monitorAlertSettings;
};
const monitorAlertSettings = z.strictObject({ ...monitorAlerts, notificationProviders }).prefault({});

const { testId: _testId, ...syntheticFields } = (monitorKinds.synthetic_test.schema as z.ZodObject).shape;
const syntheticConfig = z.strictObject({
  test: reference.meta({ description: 'the name of the test that is run' }),
  ...syntheticFields,
});

const monitorOf = (option: (typeof monitorInput.options)[number]) => {
  const isSynthetic = option.shape.type.value === 'synthetic_test';
  return z
    .strictObject({
      ...withoutOwner(option.shape),
      config: isSynthetic ? syntheticConfig : option.shape.config,
      alertConfig: monitorAlertSettings,
    })
    .superRefine(asTheApi('monitor', monitorInput)) as unknown as z.ZodObject<MonitorShape, z.core.$strict>;
};
export const monitor = z.discriminatedUnion(
  'type',
  monitorInput.options.map(monitorOf) as [ReturnType<typeof monitorOf>],
  oneOf('type', MONITOR_KINDS),
);

export const job = z
  .strictObject({
    ...withoutOwner(jobInput.shape),
    tests: namesOf('test', 50).default([]).meta({ description: 'names of tests, in order' }),
    alertConfig: z.strictObject({ ...jobAlerts, notificationProviders }).prefault({}),
  })
  .superRefine(asTheApi('job', jobInput));

const [browserInput, apiInput] = testInput.options;
export const test = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        ...withoutOwner(browserInput.shape),
        definition: browserDefinition.partial({ script: true }).prefault({}),
        scriptFile: z
          .string()
          .min(1)
          .max(4_000)
          .optional()
          .meta({ description: 'the script is in this file, beside the one that names it' }),
      })
      .refine(
        ({ definition, scriptFile }) => (definition.script === undefined) !== (scriptFile === undefined),
        {
          error: 'needs either a scriptFile or a definition with its script',
        },
      ),
    z.strictObject(withoutOwner(apiInput.shape)),
  ],
  oneOf('kind', TEST_KINDS),
);
