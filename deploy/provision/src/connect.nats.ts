import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';

/** One or more servers, separated by commas. The client does not look for name and password in a URL: we do. */
export function natsOptions(natsUrl: string): ConnectionOptions {
  const urls = natsUrl.split(',').map((text) => {
    const trimmed = text.trim();
    return new URL(trimmed.includes('://') ? trimmed : `nats://${trimmed}`);
  });
  const identity = urls.find(({ username }) => username !== '');
  const user = decodeURIComponent(identity?.username ?? '');
  const pass = decodeURIComponent(identity?.password ?? '');
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(user === '' ? {} : pass === '' ? { token: user } : { user, pass }),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
  };
}

/** For the one deployment: whoever cannot reach the server is told so, and does not wait for it. */
export const connectOnce = (natsUrl: string): Promise<NatsConnection> =>
  connect({ ...natsOptions(natsUrl), name: 'tocsin-provision', reconnect: false });
