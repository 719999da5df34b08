import { type HttpRequestConfig, sensitiveHeaders } from '@tocsin/contracts';
import type { EgressRequest, EgressResponse } from '@tocsin/egress';
import type { ProbeInput, ProbeResult } from '../probe.js';

export const USER_AGENT = 'Tocsin-Monitor/1.0';

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
  const all: Record<string, string> = { ...headers };
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const add = (name: string, value: string) => {
    if (!given.has(name)) all[name] = value;
  };
  add('user-agent', USER_AGENT);
  add('accept', '*/*');
  if (body !== undefined)
    add('content-type', isJson(body) ? 'application/json' : 'text/plain; charset=utf-8');
  if (auth.type === 'bearer') add('authorization', `Bearer ${auth.token}`);
  if (auth.type === 'basic')
    add('authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`);
  return all;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const observedOf = (response: EgressResponse): ProbeResult['observed'] => ({
  statusCode: response.status,
  remoteAddress: response.remoteAddress,
  bodyBytes: response.body.length,
  bodyTruncated: response.bodyTruncated,
  redirects: response.redirects,
});
