import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import { type Route, routes } from '@tocsin/http-api';

export const ROUTE = 'tocsin:route';

const METHODS = {
  get: RequestMethod.GET,
  post: RequestMethod.POST,
  put: RequestMethod.PUT,
  patch: RequestMethod.PATCH,
  delete: RequestMethod.DELETE,
} as const;

/** Binds a handler to its row of the table of routes: method, path, scope, input and status come from there. */
export function Endpoint(name: string): MethodDecorator {
  const route = routes.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Error(`the table of routes has no "${name}"`);
  return applyDecorators(
    RequestMapping({ path: nestPath(route), method: METHODS[route.method] }),
    HttpCode(route.answer.status),
    SetMetadata(ROUTE, route),
  );
}

const nestPath = ({ path }: Route): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
