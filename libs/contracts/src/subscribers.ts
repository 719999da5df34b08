import type { SubjectPermissions } from './permissions.js';
import { AUDITOR, SERVICE_NAMES } from './permissions.js';
import { POSITIONS_STREAM, projectStream, type StreamName } from './streams.js';
import { filters, subjects } from './subjects.js';

/** Somebody outside who hears what happens in one project: an account of its own at NATS, with one user (ADR 2). */
export interface Subscriber {
  readonly name: string;
  readonly project: string;
}

/** What is seen of Tocsin's account from one outside of it: each entry an export there and an import here. */
export interface SubscriberAccess {
  readonly account: string;
  readonly services: readonly {
    readonly subject: string;
    /** under which name the subscriber asks; absent: under the same */
    readonly to?: string;
    /** `stream`: many answers to one question */
    readonly answers: 'one' | 'stream';
  }[];
  readonly streams: readonly { readonly subject: string; readonly to: string }[];
  readonly permissions: SubjectPermissions;
}

/**
 * The JetStream domain a subscriber's client is told to speak to. Without it the server would look for streams in the
 * subscriber's own account, where there are none.
 */
export const SUBSCRIBER_DOMAIN = 'tocsin';

/** Subscribers wait for answers below this. Their account is their own: there is nobody else's inbox in it. */
const INBOX = '_INBOX.>';
const NAME = /^[a-z][a-z0-9-]{0,30}$/;
const PROJECT = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const TAKEN: readonly string[] = ['admin', AUDITOR, ...SERVICE_NAMES];

/**
 * `name:project` pairs, separated by commas.
 * @throws with what is wrong and what it should look like
 */
export function parseSubscribers(text: string | undefined): Subscriber[] {
  const parts = (text ?? '').split(',').flatMap((part) => part.trim() || []);
  const found = new Map<string, Subscriber>();
  for (const part of parts) {
    const [name = '', project = '', ...rest] = part.split(':');
    if (!NAME.test(name) || !PROJECT.test(project) || rest.length > 0)
      throw new Error(
        `TOCSIN_SUBSCRIBERS: "${part}" is not name:project, such as "pager:default" (name: a letter, then letters, digits and "-", all small, at most 31)`,
      );
    if (TAKEN.includes(name))
      throw new Error(`TOCSIN_SUBSCRIBERS: "${name}" is the name of a part of Tocsin: choose another`);
    if (found.has(name)) throw new Error(`TOCSIN_SUBSCRIBERS: "${name}" is there twice: choose two names`);
    found.set(name, { name, project });
  }
  return [...found.values()];
}

export const subscriberAccount = (name: string): string => `subscriber-${name}`;

const inDomain = (api: string) => api.replace('$JS.API.', `$JS.${SUBSCRIBER_DOMAIN}.API.`);

const AUDITED: readonly StreamName[] = ['CONFIG', 'RESULTS', 'STATUS', 'ALERTS', 'DELIVERIES'];

/**
 * All that is kept of the log, for who judges it: two questions for each stream, both of which change nothing. In an account
 * of its own like a subscriber, for an answer inside ours may be sent to any subject, and would be stored there (ADR 2).
 */
export function auditorAccess(): SubscriberAccess {
  const services = AUDITED.flatMap((stream) => [
    askedInDomain(`$JS.API.STREAM.INFO.${stream}`, 'one'),
    askedInDomain(`$JS.API.DIRECT.GET.${stream}`, 'stream'),
  ]);
  return {
    account: AUDITOR,
    services,
    streams: [],
    permissions: {
      publish: services.map(({ to }) => to),
      subscribe: [INBOX, `_INBOX_${AUDITOR}.>`],
    },
  };
}

const askedInDomain = (subject: string, answers: 'one' | 'stream') => ({
  subject,
  to: inDomain(subject),
  answers,
});

/** Questions that change nothing but the subscriber's own position, and the events of its project as they are stored. */
export function subscriberAccess({ name, project }: Subscriber): SubscriberAccess {
  const stream = projectStream(project);
  const services = [
    askedInDomain(`$JS.API.STREAM.INFO.${stream}`, 'one'),
    askedInDomain(`$JS.API.DIRECT.GET.${stream}`, 'stream'),
    askedInDomain(`$JS.API.CONSUMER.INFO.${stream}.${name}`, 'one'),
    askedInDomain(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, 'stream'),
    askedInDomain(`$JS.API.DIRECT.GET.${POSITIONS_STREAM.name}.${subjects.position(name)}`, 'one'),
    { subject: `$JS.ACK.${stream}.${name}.>`, answers: 'one' as const },
    // the form of servers from 2.15 on, with domain and account before the stream
    { subject: `$JS.ACK.*.*.${stream}.${name}.>`, answers: 'one' as const },
    { subject: subjects.position(name), answers: 'one' as const },
  ];
  const streams = filters.publicOf(project).map((to) => ({ subject: subjects.stored(project, to), to }));
  return {
    account: subscriberAccount(name),
    services,
    streams,
    permissions: {
      publish: services.map(({ subject, ...rest }) => ('to' in rest ? rest.to : subject)),
      subscribe: [INBOX, ...streams.map(({ to }) => to)],
    },
  };
}
