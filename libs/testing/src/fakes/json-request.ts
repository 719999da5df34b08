import type { FakeRequest } from './serve-http.js';

export type Json = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none, so that validators read on and report what is missing. */
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The body of a JSON POST, or what is wrong with it. */
export function readJsonPost(request: FakeRequest): { readonly json: Json } | { readonly problem: string } {
  if (request.method !== 'POST') return { problem: `method ${request.method}` };
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return { problem: 'content type is not JSON' };
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
    return { json: asObject(json) };
  } catch {
    return { problem: 'body is not JSON in UTF-8' };
  }
}

/** Problem of a text that must not be blank, nor longer than `max` UTF-16 units. */
export function* textProblems(where: string, value: unknown, max: number): Generator<string> {
  if (typeof value !== 'string' || value.trim() === '') yield `${where}: must not be blank`;
  else if (value.length > max) yield `${where}: longer than ${max}`;
  else if (!value.isWellFormed()) yield `${where}: half a surrogate pair`;
}
