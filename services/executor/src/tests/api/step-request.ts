import { type ApiStep, sensitiveHeaders } from '@tocsin/contracts';
import type { EgressRequest } from '@tocsin/egress';
import { withDefaultHeaders } from '../../http/default-headers.js';
import type { Mask } from '../mask.js';
import { type Problem, render } from './template.js';

const MAX_REDIRECTS = 5;

/** The request a step describes, with its variables in their places. */
export function requestOf(
  step: ApiStep,
  variables: ReadonlyMap<string, string>,
  mask: Mask,
): { readonly request: Omit<EgressRequest, 'timeoutMs'> } | { readonly problem: Problem } {
  const url = render(step.url, variables);
  if ('problem' in url) return url;
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(step.headers)) {
    const value = render(template, variables);
    if ('problem' in value) return value;
    headers[name] = value.text;
  }
  const body = step.body === undefined ? undefined : render(step.body, variables);
  if (body !== undefined && 'problem' in body) return body;
  const withSecrets = Object.keys(headers).filter((name) => mask.text(headers[name] ?? '') !== headers[name]);
  return {
    request: {
      url: url.text,
      method: step.method,
      headers: withDefaultHeaders(headers, body?.text),
      body: body?.text,
      maxRedirects: step.followRedirects ? MAX_REDIRECTS : 0,
      secretHeaders: [...new Set([...sensitiveHeaders(headers), ...withSecrets])],
      tlsVerify: step.tlsVerify,
    },
  };
}
