import { websiteConfig } from '@tocsin/contracts';
import { certificateAuthority, selfSigned, serveHttp } from '@tocsin/egress/testing';
import { describe, expect, it } from 'vitest';
import { attempt, loopbackEgress } from '../testing.js';
import { websiteProbe } from './website.probe.js';

const DAY = 86_400_000;
const NOW = Date.now();
const authority = certificateAuthority('Tests', NOW - 100 * DAY, NOW + 500 * DAY);
const egress = loopbackEgress({ certificateAuthorities: [authority.cert] });
const check = attempt(
  websiteProbe(() => NOW),
  websiteConfig,
  egress,
);

const issued = (daysLeft: number, names = ['127.0.0.1'], startsInDays = -50) =>
  authority.issue({ names, validFrom: NOW + startsInDays * DAY, validTo: NOW + daysLeft * DAY });
const serve = (tls: ReturnType<typeof issued>) => serveHttp((_, response) => response.end('fine'), { tls });

describe('a website check', () => {
  it('describes the certificate', async () => {
    await using server = await serve(issued(90.5));
    const { outcome, certificate } = await check(server.url);
    expect(outcome).toBe('up');
    expect(certificate).toEqual({
      subject: 'CN=127.0.0.1',
      issuer: 'CN=Tests',
      altNames: ['127.0.0.1'],
      serialNumber: expect.stringMatching(/^[0-9A-F]+$/),
      fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      validFrom: expect.stringMatching(/\.000Z$/),
      validTo: expect.stringMatching(/\.000Z$/),
      daysRemaining: 90,
      valid: true,
      warnDays: 30,
    });
  });
  it('stays up while the certificate only expires soon, and says how soon', async () => {
    await using server = await serve(issued(3.5));
    expect(await check(server.url, { sslDaysUntilExpirationWarning: 14 })).toMatchObject({
      outcome: 'up',
      certificate: { daysRemaining: 3, warnDays: 14, valid: true },
    });
  });
  it.each([
    ['certificate_expired', issued(-1.5), -2],
    ['certificate_not_yet_valid', issued(90.5, ['127.0.0.1'], 5), 90],
    ['name_mismatch', issued(90.5, ['other.test']), 90],
    [
      'self_signed',
      selfSigned({ names: ['127.0.0.1'], validFrom: NOW - DAY, validTo: NOW + 90.5 * DAY }),
      90,
    ],
  ])('is down for %s and still describes the certificate', async (code, tls, daysRemaining) => {
    await using server = await serve(tls);
    const result = await check(server.url);
    expect(result).toMatchObject({
      outcome: 'down',
      error: { code },
      certificate: { valid: false, daysRemaining },
    });
    expect(result.timings.totalMs).toBeGreaterThan(0);
  });
  it('judges dates even where trust is not asked for', async () => {
    await using expired = await serve(issued(-1.5));
    expect(await check(expired.url, { tlsVerify: false })).toMatchObject({
      outcome: 'down',
      error: { code: 'certificate_expired' },
      certificate: { valid: false },
      observed: { statusCode: 200 },
    });
    await using misnamed = await serve(issued(90.5, ['other.test']));
    expect(await check(misnamed.url, { tlsVerify: false })).toMatchObject({
      outcome: 'up',
      certificate: { valid: false },
    });
  });
  it('leaves certificates alone when told to', async () => {
    await using server = await serve(issued(3.5));
    const result = await check(server.url, { enableSslCheck: false });
    expect(result.outcome).toBe('up');
    expect(result.certificate).toBeUndefined();
    await using expired = await serve(issued(-1.5));
    await expect(check(expired.url, { enableSslCheck: false })).rejects.toMatchObject({ code: 'tls_failed' });
    expect(await check(expired.url, { enableSslCheck: false, tlsVerify: false })).toMatchObject({
      outcome: 'up',
    });
  });
  it('describes the certificate of the host asked for, not of where it redirects', async () => {
    await using there = await serve(issued(200.5));
    await using server = await serveHttp(
      (_, response) => response.writeHead(302, { location: there.url }).end(),
      {
        tls: issued(3.5),
      },
    );
    expect(await check(server.url)).toMatchObject({
      outcome: 'up',
      observed: { redirects: 1 },
      certificate: { daysRemaining: 3 },
    });
  });
  it('judges the answer as an HTTP check does', async () => {
    await using server = await serve(issued(90.5));
    expect(await check(server.url, { keywordInBody: 'missing' })).toMatchObject({
      outcome: 'down',
      error: { code: 'keyword_missing' },
      certificate: { valid: true },
    });
  });
  it('checks a site without TLS, which has no certificate', async () => {
    await using server = await serveHttp((_, response) => response.end('fine'));
    const result = await check(server.url);
    expect(result.outcome).toBe('up');
    expect(result.certificate).toBeUndefined();
  });
});
