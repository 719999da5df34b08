import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface Somebody {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly roles?: readonly string[];
}

export interface Issuer {
  readonly url: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** who signs in there next */
  somebody: Somebody;
  /** Goes where a browser is sent, says yes to everything, and comes back with the address that leads here. */
  visit(url: string): Promise<string>;
  stop(): Promise<void>;
}

const SECRET = 'canary-oidc-client-secret-0123456789';

/** A certified OpenID provider, over real HTTP: it checks the client, the redirect and PKCE, and signs its tokens. */
export async function startIssuer(redirectUris: readonly string[]): Promise<Issuer> {
  const server: Server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url,
    client: { id: 'tocsin', secret: SECRET },
    somebody: { sub: 'nobody' },
    visit: (address) => visit(url, address),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'tocsin',
        client_secret: SECRET,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name', 'roles'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['of the test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...issuer.somebody, sub }),
    }),
  });
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));
  // What its pages for development ask a person for.
  const answersOf = () => ({ login: issuer.somebody.sub, password: 'any' });
  async function visit(own: string, start: string): Promise<string> {
    const cookies = new Map<string, string>();
    let next = { address: start, form: undefined as URLSearchParams | undefined };
    for (let hop = 0; hop < 12; hop++) {
      const response = await fetch(next.address, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(next.form === undefined ? {} : { method: 'POST', body: next.form }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = response.headers.get('location');
      if (location !== null) {
        const address = new URL(location, next.address).href;
        if (!address.startsWith(own)) return address;
        next = { address, form: undefined };
        continue;
      }
      const page = await response.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) throw new Error(`the issuer says ${response.status}: ${page.slice(0, 500)}`);
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
      const form = new URLSearchParams(prompt === 'login' ? { prompt, ...answersOf() } : { prompt });
      next = { address: new URL(action.replaceAll('&amp;', '&'), next.address).href, form };
    }
    throw new Error('the issuer sends its visitor round in circles');
  }
  return issuer;
}
