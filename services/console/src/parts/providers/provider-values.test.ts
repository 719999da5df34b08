import { providerKinds } from '@tocsin/contracts';
import { MASK, type ProviderView } from '@tocsin/http-api';
import { PROVIDER_KINDS } from '@tocsin/notifying';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROVIDER_FIELDS } from './provider-fields.js';
import { inputOf, placeOf, problemsOf, valuesOf } from './provider-values.js';

const pathsOf = (schema: z.core.JSONSchema.JSONSchema, above = ''): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const inner = value as z.core.JSONSchema.JSONSchema;
    return inner.properties === undefined ? [above + key] : pathsOf(inner, `${above}${key}.`);
  });

const stored = (type: ProviderView['type'], config: ProviderView['config']) =>
  ({ name: 'ops', type, enabled: true, config }) as ProviderView;

describe('the fields of a kind', () => {
  it.each(PROVIDER_KINDS)('%s are those of its schema', (kind) => {
    const schema = z.toJSONSchema(providerKinds[kind].schema, { io: 'input', unrepresentable: 'any' });
    expect(PROVIDER_FIELDS[kind].map(({ path }) => path).toSorted()).toEqual(pathsOf(schema).toSorted());
  });

  it.each(PROVIDER_KINDS)('%s hide what is secret', (kind) => {
    const all = { smtp: {}, headers: { a: 'b' }, signingSecret: 'x' };
    const secret = new Set(providerKinds[kind].secretPaths(all).map((path) => path.join('.')));
    const hidden = PROVIDER_FIELDS[kind].filter(({ input }) =>
      ['secret', 'headers', 'signing'].includes(input),
    );
    expect(new Set(hidden.map(({ path, input }) => (input === 'headers' ? `${path}.a` : path)))).toEqual(
      new Set(
        [...secret].filter((path) => kind === 'webhook' || !['headers.a', 'signingSecret'].includes(path)),
      ),
    );
  });
});

describe('a form', () => {
  it('sends back what it was given, masks and all', () => {
    const config = {
      url: MASK,
      method: 'PUT',
      headers: { authorization: MASK },
      bodyTemplate: '{"a": 1}',
      signingSecret: MASK,
    };
    const values = valuesOf('webhook', stored('webhook', config));
    expect(inputOf('webhook', values)).toEqual({ name: 'ops', type: 'webhook', enabled: true, config });
    expect(problemsOf('webhook', values)).toEqual([]);
  });

  it('leaves out what is empty', () => {
    const values = {
      ...valuesOf('slack'),
      name: ' ops ',
      config: { webhookUrl: ' https://a.example/x ', channel: ' ' },
    };
    expect(inputOf('slack', values)).toMatchObject({
      name: 'ops',
      config: { webhookUrl: 'https://a.example/x' },
    });
    expect(problemsOf('slack', values)).toEqual([]);
  });

  it('of a mail server keeps its empty user and password, and has numbers', () => {
    const values = { ...valuesOf('email'), name: 'mail', hasOwnServer: true };
    const config = {
      emails: 'a@b.example',
      smtp: { host: 'mail', port: '25', secure: false, user: '', password: '', from: 'a@b.example' },
    };
    expect(problemsOf('email', { ...values, config })).toEqual([]);
    expect(inputOf('email', { ...values, config }).config).toMatchObject({
      smtp: { port: 25, user: '', password: '' },
    });
    expect(inputOf('email', { ...values, hasOwnServer: false, config }).config).toEqual({
      emails: 'a@b.example',
    });
  });

  it('names what is missing once, in words', () => {
    expect(problemsOf('telegram', valuesOf('telegram'))).toEqual([
      { field: 'name', message: 'Give it a name' },
      { field: 'config.botToken', message: 'Token of the bot is needed' },
      { field: 'config.chatId', message: 'Chat is needed' },
    ]);
  });

  it('says at a header what is wrong with it', () => {
    const headers = [
      { name: 'x-ok', value: 'a' },
      { name: 'host', value: 'b' },
    ];
    const values = {
      ...valuesOf('webhook'),
      name: 'n',
      headers,
      config: { url: 'https://a.example', method: 'POST' },
    };
    const [problem] = problemsOf('webhook', values);
    expect(placeOf(problem?.field ?? '', values)).toBe('headers.1.value');
  });
});
