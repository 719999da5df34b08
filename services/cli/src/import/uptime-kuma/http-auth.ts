import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import type { KumaMonitor } from './backup.js';

/** Ways of signing in that Tocsin does not know: with one of them a check would only ever be refused. */
const UNKNOWN_WAYS: Readonly<Record<string, { name: string; fields: readonly string[] }>> = {
  'oauth2-cc': {
    name: 'OAuth 2 client credentials',
    fields: [
      'oauth_client_id',
      'oauth_client_secret',
      'oauth_token_url',
      'oauth_scopes',
      'oauth_audience',
      'oauth_auth_method',
    ],
  },
  ntlm: { name: 'NTLM', fields: ['basic_auth_user', 'basic_auth_pass', 'authWorkstation', 'authDomain'] },
  mtls: { name: 'client certificates', fields: ['tlsCa', 'tlsCert', 'tlsKey'] },
};

export const needsUnknownAuth = ({ authMethod }: KumaMonitor): boolean =>
  authMethod !== undefined && authMethod in UNKNOWN_WAYS;

export function authOf(monitor: KumaMonitor, account: Account): JsonObject | undefined {
  const { authMethod, basic_auth_user: user, basic_auth_pass: password, bearer_token: token } = monitor;
  const unknown = UNKNOWN_WAYS[authMethod ?? ''];
  if (unknown !== undefined) {
    const todo = 'the monitor is switched off: give it another way to sign in, then switch it on';
    for (const field of ['authMethod', ...unknown.fields])
      account.left(field, `Tocsin does not sign in by ${unknown.name}`, todo);
    return undefined;
  }
  if (authMethod === 'bearer' && token !== undefined) {
    account.carried('authMethod', 'config.auth.type');
    account.carried('bearer_token', 'config.auth.token');
    return { type: 'bearer', token };
  }
  // Old backups have no authMethod: whoever gave a name meant it
  const isBasic = authMethod === 'basic' || (authMethod === undefined && user !== undefined && user !== '');
  if (!isBasic) return undefined;
  account.carried('authMethod', 'config.auth.type');
  account.carried('basic_auth_user', 'config.auth.username');
  account.carried('basic_auth_pass', 'config.auth.password');
  return { type: 'basic', username: user ?? '', password: password ?? '' };
}
