import type { CertificateInfo, CheckCompleted } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { trimResult } from './trim-result.js';
import { unmadeCheck } from './unmade-check.js';

const result = (more: Partial<CheckCompleted> = {}): CheckCompleted => ({
  ...unmadeCheck(
    {
      monitorId: '0198b1f4-0000-7000-8000-000000000001',
      project: 'default',
      kind: 'website',
      slot: '2026-01-01T00:00:00.000Z',
      location: 'local',
      target: 'https://example.com/',
      config: {},
      configRevision: 1,
      trigger: 'schedule',
    },
    { code: 'timeout', message: 'no answer' },
    0,
  ),
  ...more,
});
const huge = 'x'.repeat(1_000_000);
const certificate: CertificateInfo = {
  subject: 'CN=example.com',
  issuer: 'CN=authority',
  altNames: ['example.com'],
  serialNumber: '01',
  fingerprint256: 'AA:BB',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  daysRemaining: 365,
  valid: true,
  warnDays: 30,
};

describe('a result', () => {
  it('of ordinary size stays the very same', () => {
    const ordinary = result({ certificate, observed: { statusCode: 200 } });
    expect(trimResult(ordinary)).toBe(ordinary);
  });
  it.each<[string, Partial<CheckCompleted>]>([
    ['a message', { error: { code: 'unexpected', message: huge } }],
    ['what was observed', { observed: { values: huge } }],
    [
      'how much was observed',
      { observed: Object.fromEntries(Array.from({ length: 9_999 }, (_, n) => [n, huge])) },
    ],
    ['the names of a certificate', { certificate: { ...certificate, altNames: Array(9_999).fill(huge) } }],
    ['the subject of a certificate', { certificate: { ...certificate, subject: huge, issuer: huge } }],
  ])('is cut where a target made too much of %s', (_, more) => {
    const trimmed = trimResult(result(more));
    expect(JSON.stringify(trimmed).length).toBeLessThan(500_000);
    expect(trimmed).toMatchObject({ outcome: 'error', kind: 'website' });
  });
});
