// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { importedFrom, loaded, sourceOf, thingOf, toldOf, untold } from '../accounting.fixture.js';
import { readFile } from '../files.store.js';
import { uptimeKuma } from './index.js';

const imported = importedFrom(uptimeKuma, sourceOf(uptimeKuma, ['./uptime-kuma/sample/backup.json']));
const monitor = (name: string) => thingOf(imported, 'monitors', name);

describe('a backup', () => {
  it('has its retries as a threshold: the failure after the last retry raises the alert', () => {
    expect(monitor('Shop').alertConfig).toMatchObject({
      enabled: true,
      notificationProviders: ['Ops Slack', 'On-call mail'],
      failureThreshold: 3,
      alertOnSslExpiration: true,
    });
  });

  it('makes a website of what watches its certificate', () => {
    expect(monitor('Shop')).toMatchObject({ type: 'website', config: { sslDaysUntilExpirationWarning: 21 } });
  });

  it('has groups as tags of their members', () => {
    expect(monitor('Shop').tags).toEqual(['Production', 'team: web', 'critical']);
  });

  it('has credentials of an address in the settings, and asks the environment for the password', () => {
    expect(monitor('Shop (2)')).toMatchObject({
      target: 'https://shop.example.net/',
      config: { auth: { type: 'basic', username: 'user', password: '${MONITOR_SHOP_2_AUTH_PASSWORD}' } },
    });
  });

  it('sends a body with the content type that was meant, and its dollars as they are', () => {
    const { config } = monitor('Shop API orders') as { config: { headers: object; body: string } };
    expect(config.headers).toMatchObject({ 'content-type': 'application/json', Accept: 'application/json' });
    expect(config.body).toBe('{"ping": true, "cost": "$5 $${x}"}');
  });

  it('looks for a keyword, or for its absence', () => {
    expect(monitor('Login says welcome').config).toMatchObject({
      keywordInBodyShouldBePresent: true,
      tlsVerify: false,
    });
    expect(monitor('No maintenance banner').config).toMatchObject({ keywordInBodyShouldBePresent: false });
  });

  it('reads JSONata that is a plain path, and leaves what is more', () => {
    expect(monitor('Queue depth').config).toMatchObject({
      responseBodyJsonPath: { path: '$.queue.state', expectedValue: 'ok' },
    });
    expect(monitor('Order total').config).not.toHaveProperty('responseBodyJsonPath');
    expect(toldOf(imported, 'monitorList', 6, 'jsonPath')).toMatchObject([{ outcome: 'left' }]);
  });

  it('has a port that must be closed, and no other monitor upside down', () => {
    expect(monitor('Telnet is closed').config).toMatchObject({ port: 23, expectClosed: true });
    expect(toldOf(imported, 'monitorList', 14)).toMatchObject([{ outcome: 'left' }]);
  });

  it('has a push as a heartbeat with the retries as its grace', () => {
    expect(monitor('Nightly backup')).toMatchObject({
      type: 'heartbeat',
      intervalSeconds: 86_400,
      config: { graceSeconds: 1_800 },
    });
  });

  it.each(['Partner API', 'Behind the proxy', 'Gateway'])('has %s switched off', (name) => {
    expect(monitor(name).enabled).toBe(false);
  });

  it('puts the thread of Discord into the address, which is a secret', () => {
    const secret = imported.secrets.find(({ name }) => name === 'PROVIDER_DISCORD_DISCORDWEBHOOKURL');
    expect(secret?.value).toBe('https://discord.example/api/webhooks/1/kuma-canary-discord-10?thread_id=99');
  });

  it('keeps the mail server, with a sender that has no quotes', () => {
    expect(thingOf(imported, 'providers', 'On-call mail').config).toMatchObject({
      emails: 'oncall@example.com,team@example.com',
      smtp: { host: 'mail.example.com', from: 'Uptime Kuma <kuma@example.com>' },
    });
  });
});

describe('a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kuma-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('says the same as a backup, and what is nowhere else', () => {
    const path = join(folder, 'kuma.db');
    makeKumaDb(path);
    const source = uptimeKuma.recognise(readFile(path));
    const read = importedFrom(uptimeKuma, source);
    expect(untold(source, read)).toEqual([]);
    expect(read.entries.filter(({ note }) => note === 'this importer does not know it')).toEqual([]);
    expect(loaded(read)).not.toHaveProperty('problems');
    expect(thingOf(read, 'monitors', 'Shop')).toMatchObject({
      type: 'website',
      target: 'https://shop.example.com/',
      config: { auth: { type: 'bearer' }, expectedStatusCodes: '200-299', tlsVerify: false },
      tags: ['team: web'],
      alertConfig: { enabled: true, notificationProviders: ['Ops'], failureThreshold: 3 },
    });
    expect(toldOf(read, 'statusPageList')).toMatchObject([{ outcome: 'left' }]);
    expect(toldOf(read, 'maintenanceList')).toMatchObject([{ outcome: 'left' }]);
  });
});

/** The tables as Uptime Kuma 2 makes them, as far as they are read. */
function makeKumaDb(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`
    create table monitor (id integer primary key, name text, active boolean, user_id integer, "interval" integer,
      url text, type text, weight integer default 2000, hostname text, port integer, created_date datetime,
      keyword text, maxretries integer, ignore_tls boolean, upside_down boolean default 0, maxredirects integer,
      accepted_statuscodes_json text, dns_resolve_type text, retry_interval integer, push_token text, method text,
      headers text, auth_method text, bearer_token text, proxy_id integer, expiry_notification boolean,
      resend_interval integer default 0, packet_size integer default 56, mqtt_topic text, grpc_enable_tls boolean default 0,
      parent integer, description text, timeout double, cache_bust boolean default 0, conditions text default '[]',
      ip_family text, save_response boolean default 0, json_path_operator text);
    create table notification (id integer primary key, name text, active boolean, user_id integer, is_default boolean, config text);
    create table monitor_notification (id integer primary key, monitor_id integer, notification_id integer);
    create table tag (id integer primary key, name text, color text);
    create table monitor_tag (id integer primary key, monitor_id integer, tag_id integer, value text);
    create table maintenance (id integer primary key, title text);
    create table status_page (id integer primary key, slug text);
    insert into monitor (id, name, active, user_id, "interval", url, type, created_date, maxretries, ignore_tls, maxredirects,
      accepted_statuscodes_json, dns_resolve_type, retry_interval, method, auth_method, bearer_token, expiry_notification, timeout)
      values (1, 'Shop', 1, 1, 60, 'https://shop.example.com/', 'http', '2026-01-01', 2, 1, 10,
      '["200-299"]', 'A', 60, 'GET', 'bearer', 'secret', 1, 48);
    insert into notification values (7, 'Ops', 1, 1, 1, '{"type":"teams","name":"Ops","webhookUrl":"https://example.com/x"}');
    insert into monitor_notification values (1, 1, 7);
    insert into tag values (1, 'team', '#fff');
    insert into monitor_tag values (1, 1, 1, 'web');
    insert into maintenance values (1, 'Sunday');
    insert into status_page values (1, 'shop');`);
  database.close();
}
