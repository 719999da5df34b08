import type { Problem } from '@tocsin/http-api';

/** `unreachable`: no answer at all. */
export type ApiErrorCode = Problem['code'] | 'unreachable';

/** What an api, or the way to it, said no with. */
export class ApiError extends Error {
  constructor(
    readonly code: ApiErrorCode,
    readonly status: number,
    message: string,
    readonly fields: Problem['errors'] = [],
    readonly requestId?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const unreachable = (): ApiError =>
  new ApiError('unreachable', 0, 'Tocsin does not answer. Is it running, and are you connected?');

/** A proxy in between answers with pages of its own: those have a status and nothing more to read. */
export function apiErrorOf(status: number, body: unknown): ApiError {
  const { code, detail, title, errors, requestId } = isObject(body) ? (body as Partial<Problem>) : {};
  if (typeof code !== 'string')
    return new ApiError('internal', status, `The answer was ${status}, without a reason.`);
  return new ApiError(code, status, detail ?? title ?? code, errors ?? [], requestId);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Worth another try by itself: the caller did nothing wrong. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 'unreachable' || error.code === 'unavailable' || error.status >= 502);

/** One sentence for a person. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiError
    ? capitalised(error.message)
    : 'Something went wrong in this page. Loading it again may help.';

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
