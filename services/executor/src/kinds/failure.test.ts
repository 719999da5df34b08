import { EgressError } from '@tocsin/egress';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.js';

const refused = (reason: string) => failureOf(new EgressError('address_refused', 'policy', 'x', { reason }));

describe('failureOf', () => {
  it.each([
    'dns_not_found',
    'connection_refused',
    'connection_reset',
    'host_unreachable',
    'timeout',
    'tls_failed',
    'redirect_refused',
    'too_many_redirects',
    'header_overflow',
    'protocol_error',
  ] as const)('%s is the target being down', (code) => {
    expect(failureOf(new EgressError(code, 'connect', 'x'))).toMatchObject({
      outcome: 'down',
      error: { code },
    });
  });
  it.each([
    'address_refused',
    'invalid_url',
    'invalid_request',
    'scheme_refused',
    'dns_failed',
    'network_unreachable',
    'local_resource',
    'aborted',
  ] as const)('%s says nothing about the target', (code) => {
    expect(failureOf(new EgressError(code, 'connect', 'x'))).toMatchObject({
      outcome: 'error',
      error: { code },
    });
  });
  it('names what is wrong with a certificate', () => {
    const error = new EgressError('tls_failed', 'tls', 'x', { reason: 'certificate_expired' });
    expect(failureOf(error).error.code).toBe('certificate_expired');
  });
  it('tells how to allow a refused address, where that is possible', () => {
    expect(refused('loopback').error.message).toMatch(/range to TOCSIN_EGRESS_ALLOW/);
    expect(refused('metadata').error.message).toMatch(/exactly this address in TOCSIN_EGRESS_ALLOW/);
    expect(refused('own_endpoint').error.message).not.toMatch(/ALLOW/);
  });
  it('keeps what a bug says to itself', () => {
    expect(failureOf(new TypeError('secret'))).toEqual({
      outcome: 'error',
      error: { code: 'probe_failed', message: 'the check itself broke; see the log' },
    });
  });
});
