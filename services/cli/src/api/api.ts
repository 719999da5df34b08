import { type Route, routes } from '@tocsin/http-api';

export interface Ask {
  /** in place of the braces of the path */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The api by the names of its routes, which are the operation ids of the OpenAPI document. */
export interface Api {
  readonly url: string;
  /**
   * @returns the answer's body as the api sent it; undefined for an empty one
   * @throws CommandError with what the api said, or that it could not be reached
   */
  call<Answer = unknown>(route: string, ask?: Ask): Promise<Answer>;
  /** All items of a list, page after page. */
  all<Item = unknown>(route: string, ask?: Ask): AsyncGenerator<Item>;
  /** The answer as it comes, for exports and event streams. */
  stream(route: string, ask?: Ask): Promise<ReadableStream<Uint8Array>>;
}

const byName = new Map(routes.map((route) => [route.name, route]));

/** @throws Error when there is no such route: a mistake of ours */
export function routeNamed(name: string): Route {
  const route = byName.get(name);
  if (route === undefined) throw new Error(`the api has no route ${name}`);
  return route;
}

/** Path and query of a route, below the api's own address. */
export function addressOf(route: Route, { params = {}, query = {} }: Ask): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${route.name} needs ${name}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      search.append(name, String(one));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}
