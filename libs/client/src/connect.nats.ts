import { setTimeout as delay } from 'node:timers/promises';
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  PermissionViolationError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { SubscriptionError } from './errors.js';
import type { Parsed } from './options.js';

const AGAIN_MS = 2_000;

export const isRefusal = (error: unknown): boolean =>
  [error, (error as Error).cause].some(
    (one) =>
      one instanceof AuthorizationError ||
      one instanceof PermissionViolationError ||
      one instanceof UserAuthenticationExpiredError,
  );

export const refused = (error: unknown, { user, project }: Parsed): SubscriptionError =>
  new SubscriptionError(
    'not_permitted',
    `NATS refuses "${user}" for project "${project}": check user, password and project with whoever operates Tocsin`,
    undefined,
    { cause: error },
  );

/**
 * For ever: neither a server that is not there yet nor one that went away ends a subscription. A wrong password does, the
 * first time; later it may be a server that is just being configured.
 */
export async function connectForEver(options: Parsed): Promise<NatsConnection> {
  for (;;) {
    try {
      return await connect({
        name: `@tocsin/client ${options.user}`,
        reconnectTimeWait: 500,
        pingInterval: 10_000,
        maxPingOut: 2,
        ...options.connection,
        servers: options.servers,
        user: options.user,
        pass: options.pass,
        maxReconnectAttempts: -1,
        ignoreAuthErrorAbort: true,
      });
    } catch (error) {
      if (isRefusal(error)) throw refused(error, options);
      options.onProblem({ kind: 'unreachable', error });
      await delay(AGAIN_MS);
    }
  }
}
