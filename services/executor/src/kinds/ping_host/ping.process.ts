import { execFile } from 'node:child_process';
import { isIP } from 'node:net';
import { EgressError } from '@tocsin/egress';
import { type PingSummary, readPing } from './read-ping.js';

/** Echo requests to an address; `unavailable` where there is no `ping` or it may not open a socket. */
export type Ping = (
  address: string,
  options: { readonly count: number; readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<PingSummary | 'unavailable'>;

/**
 * Runs the system's `ping`: Node has no ICMP, and a raw socket of our own would need privileges `ping` already has.
 * @throws TypeError when the address is not a literal IP address
 */
export const pingProcess: Ping = (address, { count, timeoutMs, signal }) => {
  // The only argument that is not ours: whatever it is, it is neither an option nor a name.
  if (isIP(address) === 0 || address.includes('%')) throw new TypeError('ping needs an IP address');
  // Every ping since 2004 sends two a second without privileges; the first leaves at once.
  const args = ['-n', '-q', '-c', String(count), '-i', '0.5', '--', address];
  return new Promise((resolve, reject) => {
    const child = execFile(
      'ping',
      args,
      { signal, killSignal: 'SIGKILL', env: { PATH: process.env.PATH, LC_ALL: 'C' } },
      (error, stdout, stderr) => {
        clearTimeout(timer);
        const summary = readPing(stdout);
        if (summary !== undefined && summary.received > 0) resolve(summary);
        // What this machine could not send, nobody could answer.
        else if (/network is unreachable/i.test(stderr)) reject(noRoute(address, error));
        else if (isUnavailable(error, stderr)) resolve('unavailable');
        else if (summary !== undefined) resolve(summary);
        else reject(error ?? new Error('ping printed no summary'));
      },
    );
    // Interrupted, it still prints what it has counted; execFile's own timeout would stop listening.
    const timer = setTimeout(() => child.kill('SIGINT'), timeoutMs);
  });
};

const isUnavailable = (error: unknown, stderr: string): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' ||
  (error as NodeJS.ErrnoException | null)?.code === 'EACCES' ||
  /not permitted|permission denied|lacking privilege|are you root/i.test(stderr);

const noRoute = (address: string, cause: unknown) =>
  new EgressError('network_unreachable', 'connect', `${address}: this machine has no route there`, { cause });
