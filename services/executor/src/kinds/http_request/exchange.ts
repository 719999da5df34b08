import { type HttpRequestConfig, sensitiveHeaders } from '@tocsin/contracts';
import type { EgressRequest, EgressResponse } from '@tocsin/egress';
import { withDefaultHeaders } from '../../http/default-headers.js';
import type { ProbeInput, ProbeResult } from '../probe.js';

/** The request a monitor describes. */
export function requestOf(input: ProbeInput<HttpRequestConfig>): EgressRequest {
  const { config } = input;
  return {
    url: input.target,
    method: config.method,
    headers: headersOf(config),
    body: config.body,
    timeoutMs: input.timeoutMs,
    maxRedirects: config.followRedirects ? config.maxRedirects : 0,
    secretHeaders: sensitiveHeaders(config.headers),
    tlsVerify: config.tlsVerify,
    signal: input.signal,
  };
}

function headersOf({ headers, body, auth }: HttpRequestConfig): Readonly<Record<string, string>> {
  const all = withDefaultHeaders(headers, body);
  if (auth.type === 'none' || Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
    return all;
  all.authorization =
    auth.type === 'bearer'
      ? `Bearer ${auth.token}`
      : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return all;
}

export const observedOf = (response: EgressResponse): ProbeResult['observed'] => ({
  statusCode: response.status,
  remoteAddress: response.remoteAddress,
  bodyBytes: response.body.length,
  bodyTruncated: response.bodyTruncated,
  redirects: response.redirects,
});
