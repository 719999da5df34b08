import type { Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { authorizationError, certificateFacts, whyUntrusted } from './certificate.js';
import type { Deadline } from './deadline.js';
import { EgressError } from './egress-error.js';
import { socketError } from './socket-error.js';

export interface SecureOptions {
  /** the name or address the certificate must be for */
  readonly host: string;
  /** to be asked for by SNI; undefined for addresses */
  readonly servername: string | undefined;
  readonly verify: boolean;
  readonly context: SecureContext;
}

/** Built once: reading the root certificates costs more than the handshake. */
export function secureContext(authorities: readonly string[] | undefined): SecureContext {
  return createSecureContext(authorities === undefined ? {} : { ca: [...rootCertificates, ...authorities] });
}

/** @throws EgressError `tls_failed` with the reason and the certificate, before anything is sent */
export async function secure(
  deadline: Deadline,
  plain: Socket,
  options: SecureOptions,
  label: string,
): Promise<TLSSocket> {
  const socket = await deadline.run<TLSSocket>('tls', (resolve, reject) => {
    const opening = connectTls({
      socket: plain,
      host: options.host,
      ...(options.servername === undefined ? {} : { servername: options.servername }),
      secureContext: options.context,
      ALPNProtocols: ['http/1.1'],
      // Judged below instead, so that the certificate can be told along with what is wrong with it.
      rejectUnauthorized: false,
    });
    const onError = (error: Error) => {
      opening.destroy();
      reject(socketError(error, 'tls', label));
    };
    opening.once('error', onError);
    opening.once('secureConnect', () => {
      opening.off('error', onError);
      resolve(opening);
    });
    return () => opening.destroy();
  });
  if (options.verify && !socket.authorized) {
    const { reason, text } = whyUntrusted(authorizationError(socket));
    const certificate = certificateFacts(socket);
    socket.destroy();
    throw new EgressError('tls_failed', 'tls', `${label}: ${text}`, { reason, certificate });
  }
  return socket;
}
