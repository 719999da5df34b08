import type { EgressResponse } from '@tocsin/egress';
import type { JsonValue } from '@tocsin/kernel';
import { textOf } from '../../http/body-text.js';
import { selectJson } from '../../http/json-values.js';
import type { Mask } from '../mask.js';
import type { Problem } from './template.js';

/** What came back, read as JSON at most once. */
export interface Answer {
  readonly status: number;
  /** lower-case names */
  readonly headers: Readonly<Record<string, string>>;
  readonly totalMs: number;
  readonly isTruncated: boolean;
  text(): string;
  /** what the path selects */
  select(path: string): { readonly values: readonly unknown[] } | { readonly problem: Problem };
}

export function answerOf(response: EgressResponse): Answer {
  let text: string | undefined;
  let json: { readonly document: JsonValue } | { readonly problem: Problem } | undefined;
  const readText = () => (text ??= textOf(response));

  function readJson() {
    if (response.bodyTruncated)
      return { problem: { code: 'body_too_large', message: 'the body is too large to be read as JSON' } };
    try {
      return { document: JSON.parse(readText()) as JsonValue };
    } catch {
      return { problem: { code: 'body_not_json', message: 'the body is not JSON' } };
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    totalMs: response.timings.totalMs,
    isTruncated: response.bodyTruncated,
    text: readText,
    select(path) {
      json ??= readJson();
      if ('problem' in json) return json;
      const values = selectJson(path, json.document);
      return values === undefined
        ? { problem: { code: 'invalid_path', message: `${path} cannot be evaluated` } }
        : { values };
    },
  };
}

/** A found value as it is told. Masked before it is cut: the half of a secret is not found any more. */
export function shown(value: unknown, mask: Mask): string {
  const text = mask.text(typeof value === 'string' ? JSON.stringify(value) : asText(value));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** A found value as it is put into later steps. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
