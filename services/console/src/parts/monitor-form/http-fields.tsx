import { SimpleGrid } from '@mantine/core';
import { useFormContext, useWatch } from 'react-hook-form';
import {
  AreaField,
  NumberField,
  SecretField,
  SelectField,
  SwitchField,
  TextField,
} from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { HeadersField } from './headers-field.js';
import { JsonPathFields } from './json-path-fields.js';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const AUTH = [
  { value: 'none', label: 'None' },
  { value: 'basic', label: 'User name and password' },
  { value: 'bearer', label: 'Token (Bearer)' },
];

export function RequestFields() {
  const method = useWatch({ name: 'config.method' }) as unknown;
  return (
    <Fieldset title="Request">
      <SelectField name="config.method" label="Method" choices={METHODS} />
      <HeadersField />
      {method !== 'GET' && method !== 'HEAD' && (
        <AreaField name="config.body" label="Body" mono optional rows={3} />
      )}
      <AuthFields />
      <SwitchField name="config.followRedirects" label="Follow redirects" />
      <SwitchField
        name="config.tlsVerify"
        label="Verify the certificate"
        help="Off: an address with a certificate of its own making is accepted too."
      />
    </Fieldset>
  );
}

function AuthFields() {
  const form = useFormContext();
  const type = useWatch({ name: 'config.auth.type' }) as unknown;
  const start = { none: {}, basic: { username: '', password: '' }, bearer: { token: '' } };
  return (
    <>
      <SelectField
        name="config.auth.type"
        label="Authentication"
        choices={AUTH}
        onPick={(next) =>
          form.setValue(
            'config.auth',
            { type: next, ...start[next as keyof typeof start] },
            { shouldDirty: true },
          )
        }
      />
      {type === 'basic' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextField name="config.auth.username" label="User name" />
          <SecretField
            name="config.auth.password"
            label="Password"
            help="Stored encrypted, never shown again"
          />
        </SimpleGrid>
      )}
      {type === 'bearer' && (
        <SecretField name="config.auth.token" label="Token" help="Stored encrypted, never shown again" />
      )}
    </>
  );
}

export function AnswerFields() {
  const keyword = useWatch({ name: 'config.keywordInBody' }) as unknown;
  return (
    <Fieldset title="What a good answer is">
      <TextField
        name="config.expectedStatusCodes"
        label="Status codes"
        help="200-299, 2xx, or a list such as 200,301,404"
        mono
      />
      <TextField
        name="config.keywordInBody"
        label="Text in the body"
        help="Looked for in the first MiB, upper or lower case. Empty: the body is not looked at."
        optional
      />
      {typeof keyword === 'string' && keyword !== '' && (
        <SwitchField
          name="config.keywordInBodyShouldBePresent"
          label="The text should be there"
          help="Off: it must not be there."
        />
      )}
      <JsonPathFields />
      <NumberField
        name="config.maxResponseTimeMs"
        label="Slow from"
        help="An answer that takes longer is degraded. Empty: none is."
        unit="ms"
        min={1}
      />
    </Fieldset>
  );
}

export function CertificateFields() {
  const isChecked = useWatch({ name: 'config.enableSslCheck' }) as unknown;
  return (
    <Fieldset title="Certificate">
      <SwitchField name="config.enableSslCheck" label="Look at the certificate" />
      {isChecked === true && (
        <NumberField
          name="config.sslDaysUntilExpirationWarning"
          label="Expiring from"
          help="With this many days left it counts as about to expire."
          unit="days"
          min={1}
          max={365}
        />
      )}
    </Fieldset>
  );
}
