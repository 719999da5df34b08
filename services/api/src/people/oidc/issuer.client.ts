import * as client from 'openid-client';
import type { Flow } from './flow.js';
import type { OidcSettings } from './settings.js';

const TIMEOUT_SECONDS = 10;
const MOST_BYTES = 1024 * 1024;

/** The issuer, as it is reached from here. */
export interface Issuer {
  /** where to send the browser */
  authorizationUrl(flow: Flow): Promise<string>;
  /** what the issuer says of who came back */
  claimsOf(flow: Flow, query: string): Promise<unknown>;
}

/**
 * It is the operator's choice and no user's, so it is connected to without the policy for those; bounded all the same. It
 * is found when it is first needed: signing in with a password does not wait for it, nor does a start.
 */
export function issuerOf({ issuer, clientId, clientSecret }: OidcSettings): Issuer {
  let found: Promise<client.Configuration> | undefined;
  const secret = clientSecret.reveal();

  async function discover(): Promise<client.Configuration> {
    const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    return await client.discovery(new URL(issuer), clientId, {}, authenticate, {
      timeout: TIMEOUT_SECONDS,
      [client.customFetch]: boundedFetch,
      execute: [client.enableNonRepudiationChecks, ...insecure],
    });
  }

  /** As the issuer says it takes secrets; those that say nothing take them in the header. */
  const authenticate: client.ClientAuth = (server, metadata, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const way = methods.includes('client_secret_basic') ? client.ClientSecretBasic : client.ClientSecretPost;
    way(secret)(server, metadata, body, headers);
  };

  function configuration(): Promise<client.Configuration> {
    found ??= discover().catch((error: unknown) => {
      // Asked again by the next who wants to sign in.
      found = undefined;
      throw error;
    });
    return found;
  }

  return {
    async authorizationUrl({ state, nonce, verifier, redirectUri }) {
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return url.href;
    },
    async claimsOf({ state, nonce, verifier, redirectUri }, query) {
      const config = await configuration();
      const back = new URL(redirectUri);
      back.search = query;
      const tokens = await client.authorizationCodeGrant(config, back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || claims.email !== undefined) return claims;
      if (config.serverMetadata().userinfo_endpoint === undefined) return claims;
      return { ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
    },
  };
}

export const newFlowSecrets = () => ({
  state: client.randomState(),
  nonce: client.randomNonce(),
  verifier: client.randomPKCECodeVerifier(),
});

const boundedFetch: client.CustomFetch = async (url, options) => {
  // oxlint-disable-next-line eslint/no-restricted-globals -- the operator's issuer, at addresses it names itself
  const response = await fetch(url, options as RequestInit);
  if (response.body === null) return response;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error('the issuer answers with more than 1 MiB');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  return new Response(Buffer.concat(chunks), { status, statusText, headers });
};
