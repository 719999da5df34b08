import type { Route } from '@tocsin/http-api';

type Method = Route['method'];

/** The names in braces of a path: `/jobs/{id}/keys/{keyId}` → `id | keyId`. */
type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsOf<Rest>
  : never;

/** Types are carried by a property that never exists: a table of paths is all that reaches the browser. */
export interface Endpoint<Path extends string = string, Answer = unknown, Query = unknown, Body = unknown> {
  readonly method: Method;
  readonly path: Path;
  readonly types?: { readonly answer: Answer; readonly query: Query; readonly body: Body };
}

type Without = undefined;

export const BASE = '/api/v1';

const on =
  (method: Method) =>
  <Answer, Body = Without, Query = Without>() =>
  <const Path extends string>(path: Path): Endpoint<Path, Answer, Query, Body> => ({ method, path });

/** `get<Answer, Query>()(path)` */
export const get =
  <Answer, Query = Without>() =>
  <const Path extends string>(path: Path): Endpoint<Path, Answer, Query, Without> => ({
    method: 'get',
    path,
  });
/** `post<Answer, Body, Query>()(path)`, and so the others */
export const post = on('post');
export const put = on('put');
export const patch = on('patch');
export const remove = on('delete');

type Typed<E> =
  E extends Endpoint<infer Path, infer Answer, infer Query, infer Body>
    ? { path: Path; answer: Answer; query: Query; body: Body }
    : never;

type Part<Key extends string, Value> = [Value] extends [never]
  ? unknown
  : [Value] extends [undefined]
    ? unknown
    : undefined extends Value
      ? { readonly [K in Key]?: Value }
      : { readonly [K in Key]: Value };

interface Always {
  readonly signal?: AbortSignal | undefined;
  /** of what the change is based on: refused with `precondition_failed` when somebody was faster */
  readonly revision?: number | undefined;
}

export type AnswerOf<E> = Typed<E>['answer'];
export type OptionsOf<E> = Always &
  Part<
    'params',
    | { readonly [Name in ParamsOf<Typed<E>['path']>]: string }
    | ([ParamsOf<Typed<E>['path']>] extends [never] ? undefined : never)
  > &
  Part<'query', Typed<E>['query'] | undefined> &
  Part<'body', Typed<E>['body']>;
