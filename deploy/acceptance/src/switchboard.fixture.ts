import { serveHttp } from '@tocsin/egress/testing';

export interface Switchboard {
  urlOf(target: number): string;
  set(target: number, up: boolean): void;
  readonly requests: () => number;
  stop(): Promise<void>;
}

/** One server, many targets, a switch for each. */
export async function startSwitchboard(): Promise<Switchboard> {
  const down = new Set<string>();
  let requests = 0;
  const server = await serveHttp((request, response) => {
    requests += 1;
    response.statusCode = down.has(request.url ?? '') ? 500 : 200;
    response.end('ok');
  });
  return {
    urlOf: (target) => `${server.url}/${target}`,
    set: (target, up) => void (up ? down.delete(`/${target}`) : down.add(`/${target}`)),
    requests: () => requests,
    stop: () => server[Symbol.asyncDispose](),
  };
}
