import { Alert, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MAX_PROVIDERS } from '@tocsin/alerting';
import { useWatch } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { AreaField, MultiSelectField, NumberField, SwitchField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { TextLink } from '../links.js';
import { failureWords, flapWords, recoveryWords } from './alert-words.js';
import { MutedField } from './muted-field.js';

interface AlertSettingsProps {
  readonly of: 'monitor' | 'job';
  /** undefined: not on an even interval */
  readonly intervalSeconds: number | undefined;
  /** its certificate can be about to expire */
  readonly hasCertificate?: boolean;
}

/** `alertConfig` of the form around it. */
export function AlertSettings({ of, intervalSeconds, hasCertificate = false }: AlertSettingsProps) {
  const enabled = useWatch({ name: 'alertConfig.enabled' }) as unknown;
  return (
    <Fieldset title="Alerts" about={`When this ${of} is wrong, and who is told.`}>
      <SwitchField name="alertConfig.enabled" label="Raise alerts" />
      {enabled === true && (
        <>
          <Providers />
          <Thresholds intervalSeconds={intervalSeconds} />
          <SwitchField
            name="alertConfig.alertOnFailure"
            label="Tell when it fails"
            help="Off: failures are in the history, and nobody is told."
          />
          {of === 'job' && (
            <SwitchField name="alertConfig.alertOnTimeout" label="Tell when a run takes too long" />
          )}
          <SwitchField
            name="alertConfig.alertOnRecovery"
            label="Tell when it is over"
            help="Providers that hold an incident open are told in any case, so that they close it."
          />
          {of === 'job' && <SwitchField name="alertConfig.alertOnSuccess" label="Tell of every success" />}
          {hasCertificate && (
            <SwitchField
              name="alertConfig.alertOnSslExpiration"
              label="Tell when the certificate is about to expire"
            />
          )}
          <AreaField
            name="alertConfig.customMessage"
            label="Message"
            help="Added to what is told, for example what to do first. {{targetName}}, {{errorMessage}} and others are filled in."
            placeholder="{{targetName}} is on fire. The way to put it out: https://wiki.example.com/runbook"
          />
          <MutedField />
        </>
      )}
    </Fieldset>
  );
}

function Thresholds({ intervalSeconds }: Pick<AlertSettingsProps, 'intervalSeconds'>) {
  const [failures, successes, flaps] = useWatch({
    name: ['alertConfig.failureThreshold', 'alertConfig.recoveryThreshold', 'alertConfig.flapThreshold'],
  }) as readonly (number | undefined)[];
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
      <NumberField
        name="alertConfig.failureThreshold"
        label="Failures in a row"
        help={failureWords(failures, intervalSeconds)}
        min={1}
      />
      <NumberField
        name="alertConfig.recoveryThreshold"
        label="Successes in a row"
        help={recoveryWords(successes, intervalSeconds)}
        min={1}
      />
      <NumberField
        name="alertConfig.flapThreshold"
        label="Alerts in an hour"
        help={flapWords(flaps)}
        min={0}
      />
    </SimpleGrid>
  );
}

/** The api gives at most this many; whoever has more finds them by name among these. */
const LIMIT = 200;

function Providers() {
  const { data } = useQuery(queryOf('listNotificationProviders', { query: { limit: LIMIT } }));
  const choices = (data?.items ?? []).map(({ id, name, enabled, type }) => ({
    value: id,
    label: `${name} (${type}${enabled ? '' : ', off'})`,
  }));
  if (data !== undefined && choices.length === 0)
    return (
      <Alert color="yellow" variant="light">
        <Text size="sm">
          There is nobody to tell yet.{' '}
          <TextLink to="/providers/new" target="_blank" size="sm">
            Add a provider
          </TextLink>{' '}
          in a new tab, then come back: it appears here.
        </Text>
      </Alert>
    );
  return (
    <MultiSelectField
      name="alertConfig.notificationProviders"
      label="Who is told"
      help={`At least one, at most ${MAX_PROVIDERS} providers`}
      choices={choices}
      max={MAX_PROVIDERS}
    />
  );
}
