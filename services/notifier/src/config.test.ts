import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { masterKeys, notifierConfig, providerPolicy, smtpDefaults } from './config.js';

const least = {
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://notifier@127.0.0.1/tocsin',
  HTTP_PORT: '3000',
  TOCSIN_SECRET_KEY: 'a passphrase of some length',
};

describe('the environment', () => {
  it('is described in the README, variable by variable', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, section = ''] = /## Environment\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const described = new Set(Array.from(section.matchAll(/`([A-Z][A-Z_]+)`/g), ([, name]) => name));
    expect(described).toEqual(new Set(Object.keys(notifierConfig.shape)));
  });

  it('says everything that is wrong at once', () => {
    const wrong = { ...least, SMTP_PORT: 'x', TOCSIN_EGRESS_ALLOW: 'lan', TOCSIN_PUBLIC_URL: 'ftp://x' };
    expect(() => parseConfig(notifierConfig, wrong)).toThrow(ConfigError);
    expect(() => parseConfig(notifierConfig, wrong)).toThrow(
      /TOCSIN_PUBLIC_URL[\s\S]*TOCSIN_EGRESS_ALLOW[\s\S]*SMTP_PORT/,
    );
  });

  it('closes private networks to providers unless told otherwise', () => {
    const policy = (env: object) => providerPolicy(parseConfig(notifierConfig, { ...least, ...env }));
    expect(policy({}).judge('10.0.0.1').refusal).toBe('private');
    expect(policy({ TOCSIN_EGRESS_ALLOW_PRIVATE: 'true' }).judge('10.0.0.1').refusal).toBeUndefined();
    expect(policy({ TOCSIN_EGRESS_ALLOW: '10.0.0.0/8' }).judge('10.0.0.1').refusal).toBeUndefined();
    expect(policy({ TOCSIN_EGRESS_ALLOW_PRIVATE: 'true' }).judge('169.254.169.254').refusal).toBe('metadata');
  });

  it('gives no mail server unless one is named', () => {
    expect(smtpDefaults(parseConfig(notifierConfig, least))).toBeUndefined();
    const env = { ...least, SMTP_HOST: 'mail.example', SMTP_PASSWORD: 'hunter2' };
    expect(smtpDefaults(parseConfig(notifierConfig, env))).toMatchObject({
      host: 'mail.example',
      port: 587,
      secure: false,
      password: 'hunter2',
    });
  });

  it('opens secrets with the present key and with those before it', () => {
    const env = { ...least, TOCSIN_SECRET_KEY_PREVIOUS: 'older key, oldest key' };
    const keys = masterKeys(parseConfig(notifierConfig, env)).map((key) => key.reveal());
    expect(keys).toEqual(['a passphrase of some length', 'older key', 'oldest key']);
  });
});
