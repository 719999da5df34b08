import { assertNever, DomainError } from '@tocsin/kernel';
import type { MonitorKind } from '@tocsin/monitoring';
import { z } from 'zod';

/** Letters of any script, digits, hyphens and underscores between single dots; no label starts with a hyphen. */
const NAME = /^(?:[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,62}\.)*[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,62}\.?$/u;

/**
 * What a monitor of this kind watches, without surrounding blanks.
 * @throws DomainError `validation_failed` with the field `target`
 */
export function parseTarget(kind: MonitorKind, target: string): string {
  const trimmed = target.trim();
  const problem = problemOf(kind, trimmed);
  if (problem === undefined) return trimmed;
  throw new DomainError('validation_failed', `target ${problem}`, [{ field: 'target', message: problem }]);
}

function problemOf(kind: MonitorKind, target: string): string | undefined {
  switch (kind) {
    case 'http_request':
    case 'website':
      return urlProblem(target);
    case 'ping_host':
    case 'port_check':
      return isHost(target)
        ? undefined
        : 'must be a host name or an IP address, without scheme, port and path';
    case 'dns':
      return isHost(target) ? undefined : 'must be a name, or an IP address for PTR';
    case 'heartbeat':
      return target === '' ? undefined : 'must be empty: a heartbeat is received';
    case 'synthetic_test':
      return target === '' ? undefined : 'must be empty: the test says where it goes';
    default:
      return assertNever(kind);
  }
}

function urlProblem(target: string): string | undefined {
  const url = target.length > 2_048 || /\p{Cc}/u.test(target) ? null : URL.parse(target);
  if (url === null) return 'must be a URL such as https://example.com/health';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must start with http:// or https://';
  if (url.username !== '' || url.password !== '')
    return 'must not contain a user name or password: use the auth settings';
  return undefined;
}

const isHost = (target: string): boolean =>
  target.length <= 253 && (NAME.test(target) || z.ipv6().safeParse(target).success);
