import { PROJECT_STREAM_BYTES, type SubscriberAccess } from '@tocsin/contracts';
import { permission, quote } from './nats-text.js';

/** Somebody outside (a subscriber, the auditor): the only user of an account that sees of ours what is named here. */
export interface NatsOutsider {
  name: string;
  password: string;
  access: SubscriberAccess;
}

/** The account of everything Tocsin consists of; its folder in the server's store has this name. */
export const CORE_ACCOUNT = 'TOCSIN';

/** Room for our own streams, and for a copy for each subscriber's project: the server reserves what they may grow to. */
export const storeBytes = (outsiders: readonly NatsOutsider[]): number =>
  40 * 1024 ** 3 + outsiders.filter(({ access }) => access.streams.length > 0).length * PROJECT_STREAM_BYTES;

const lines = (name: string, entries: readonly string[]) =>
  entries.length === 0 ? '' : `    ${name}: [\n${entries.map((entry) => `      ${entry}\n`).join('')}    ]\n`;

/** What is given to them, and to whom: an export that names no account would be open to all of them. */
export function exportsTo(outsiders: readonly NatsOutsider[]): string {
  const takers = new Map<string, string[]>();
  for (const { access } of outsiders) {
    const given = [
      ...access.services.map(
        ({ subject, answers }) =>
          `service: ${quote(subject)}${answers === 'stream' ? ', response: stream' : ''}`,
      ),
      ...access.streams.map(({ subject }) => `stream: ${quote(subject)}`),
    ];
    for (const what of given) takers.set(what, [...(takers.get(what) ?? []), access.account]);
  }
  return lines(
    'exports',
    [...takers].map(([what, accounts]) => `{ ${what}, accounts: [${accounts.map(quote).join(', ')}] }`),
  );
}

/** The account of one of them: no streams of its own, so nothing in it can be made to say anything. */
export function accountOf({ name, access }: NatsOutsider, password: string): string {
  const from = (subject: string) => `{ account: ${CORE_ACCOUNT}, subject: ${quote(subject)} }`;
  const to = (subject: string | undefined) => (subject === undefined ? '' : `, to: ${quote(subject)}`);
  return `  ${quote(access.account)} {
    users: [
      {
        user: ${quote(name)}
        password: ${password}
        permissions {
          publish: ${permission(access.permissions.publish)}
          subscribe: ${permission(access.permissions.subscribe)}
        }
      }
    ]
${lines('imports', [
  ...access.services.map((one) => `{ service: ${from(one.subject)}${to(one.to)} }`),
  ...access.streams.map((one) => `{ stream: ${from(one.subject)}${to(one.to)} }`),
])}  }
`;
}
