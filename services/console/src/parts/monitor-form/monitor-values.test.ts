import { MASK, type MonitorView, monitorInput } from '@tocsin/http-api';
import { MONITOR_KINDS } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { asKind, copyOf, newMonitor } from './monitor-values.js';

const TARGETS = { http_request: 'https://a.example/', website: 'https://a.example/', ping_host: 'a.example' };
const FILLED = { port_check: 'a.example', dns: 'a.example', heartbeat: '', synthetic_test: '', ...TARGETS };

describe('a new monitor', () => {
  it.each(MONITOR_KINDS)('of kind %s lacks only what nobody can guess', (type) => {
    const values = newMonitor(type);
    const config =
      type === 'synthetic_test'
        ? { ...values.config, testId: '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8' }
        : values.config;
    const given = { ...values, name: 'one', target: FILLED[type], config };
    expect(monitorInput.safeParse(given).error).toBeUndefined();
  });

  it('keeps what was typed when it becomes another kind that has it too', () => {
    const website = { ...newMonitor('website'), target: 'https://a.example/' };
    website.config = { ...website.config, keywordInBody: 'hello' };
    const http = asKind(website, 'http_request');
    expect(http).toMatchObject({ target: 'https://a.example/', config: { keywordInBody: 'hello' } });
    expect(monitorInput.safeParse({ ...http, name: 'one' }).success).toBe(true);
    expect(asKind(http, 'heartbeat')).toMatchObject({ target: '', config: { graceSeconds: 60 } });
  });
});

describe('a copy', () => {
  it('has no masks where secrets were', () => {
    const original = {
      ...newMonitor('http_request'),
      name: 'shop',
      config: { headers: { 'x-api-key': MASK, accept: '*/*' }, auth: { type: 'bearer', token: MASK } },
    } as unknown as MonitorView;
    expect(copyOf(original)).toMatchObject({
      name: 'shop (copy)',
      config: { headers: { 'x-api-key': '', accept: '*/*' }, auth: { type: 'bearer', token: '' } },
    });
  });
});
