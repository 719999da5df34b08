import { ARTIFACT_BUCKET, OUTPUT_STREAM, STREAMS, type StreamName } from './streams.js';
import { requests } from './subjects.js';

/** Who may say and hear what on NATS: the table of design section 2, turned into subjects. */

export const SERVICE_NAMES = [
  'api',
  'scheduler',
  'executor',
  'result-projector',
  'alert-evaluator',
  'notifier',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface SubjectPermissions {
  readonly publish: string[];
  readonly subscribe: string[];
}

interface Role {
  readonly writes: readonly StreamName[];
  /** by ordered consumers of its own */
  readonly reads: readonly StreamName[];
  /** takes from a work queue, through the durable consumers that were made for it */
  readonly works: readonly StreamName[];
  /** what runs say and leave behind: no events, and outside the six streams */
  readonly runs: 'none' | 'makes' | 'shows';
  readonly answers: readonly string[];
  readonly asks: readonly string[];
}

const role = (part: Partial<Role>): Role => ({
  writes: [],
  reads: [],
  works: [],
  runs: 'none',
  answers: [],
  asks: [],
  ...part,
});

const roles: Record<ServiceName, Role> = {
  api: role({
    writes: ['CONFIG', 'CHECKS', 'RESULTS'],
    // CONFIG, its own, to repeat what the log has lost
    reads: ['CONFIG', 'STATUS', 'ALERTS', 'DELIVERIES'],
    runs: 'shows',
    answers: [requests.monitorSecret, requests.testMaterial],
    asks: [requests.testProvider, requests.testSubscription, requests.testCheck('*')],
  }),
  scheduler: role({
    writes: ['CHECKS', 'RESULTS'],
    reads: ['CONFIG', 'RESULTS'],
    asks: [requests.cancelRun('*')],
  }),
  executor: role({
    writes: ['RESULTS'],
    works: ['CHECKS'],
    runs: 'makes',
    answers: [requests.testCheck('*'), requests.cancelRun('*')],
    asks: [requests.monitorSecret, requests.testMaterial],
  }),
  'result-projector': role({ writes: ['STATUS'], reads: ['CONFIG', 'RESULTS'] }),
  'alert-evaluator': role({ writes: ['ALERTS'], reads: ['CONFIG', 'RESULTS', 'STATUS'] }),
  notifier: role({
    writes: ['DELIVERIES'],
    // STATUS, for the subscriptions of other systems
    reads: ['CONFIG', 'STATUS', 'ALERTS'],
    answers: [requests.testProvider, requests.testSubscription],
  }),
};

/** What a service connects with as `inboxPrefix`: replies to one are not heard by another. */
export const inboxPrefix = (service: ServiceName): string => `_INBOX_${service}`;

const subjectsOf = (name: StreamName) => STREAMS.find((stream) => stream.name === name)?.subjects ?? [];

/** To look at a stream's state and fetch single messages, as a writer does that compares it with its table. */
const looking = (name: string) => [
  `$JS.API.STREAM.INFO.${name}`,
  `$JS.API.STREAM.MSG.GET.${name}`,
  `$JS.API.DIRECT.GET.${name}`,
  `$JS.API.DIRECT.GET.${name}.>`,
];

/** Pull consumers alone: push consumers would also want `$JS.FC.>`. */
const reading = (name: string) => [
  // the client's form for a consumer with several filters
  `$JS.API.CONSUMER.CREATE.${name}`,
  `$JS.API.CONSUMER.CREATE.${name}.>`,
  `$JS.API.CONSUMER.INFO.${name}.>`,
  `$JS.API.CONSUMER.DELETE.${name}.>`,
  `$JS.API.CONSUMER.MSG.NEXT.${name}.>`,
];

const working = (name: StreamName) => [
  `$JS.API.CONSUMER.INFO.${name}.*`,
  `$JS.API.CONSUMER.MSG.NEXT.${name}.*`,
  `$JS.ACK.${name}.>`,
  // the form of servers from 2.15 on, with domain and account before the stream
  `$JS.ACK.*.*.${name}.>`,
];

const ARTIFACTS = `OBJ_${ARTIFACT_BUCKET.name}`;
const ofRuns: Readonly<Record<Role['runs'], readonly string[]>> = {
  none: [],
  // To store an object is to look for one of that name, and to empty what an earlier try left of it.
  makes: [
    ...OUTPUT_STREAM.subjects,
    `$O.${ARTIFACT_BUCKET.name}.>`,
    ...looking(ARTIFACTS),
    `$JS.API.STREAM.PURGE.${ARTIFACTS}`,
  ],
  shows: [OUTPUT_STREAM.name, ARTIFACTS].flatMap((name) => [...looking(name), ...reading(name)]),
};

const unique = (list: string[]) => [...new Set(list)];

/** A responder answers into the inboxes of those who may ask it, and no others. */
const callersOf = (answers: readonly string[]) =>
  SERVICE_NAMES.filter((service) => roles[service].asks.some((subject) => answers.includes(subject)));

function permissionsOf(service: ServiceName): SubjectPermissions {
  const { writes, reads, works, runs, answers, asks } = roles[service];
  // A worker has no table to compare a stream with: it sees of the streams what it is handed, no more
  const looksAt = works.length > 0 ? reads : [...writes, ...reads];
  return {
    publish: unique([
      ...writes.flatMap(subjectsOf),
      ...asks,
      ...callersOf(answers).map((caller) => `${inboxPrefix(caller)}.>`),
      '$JS.API.INFO',
      ...looksAt.flatMap(looking),
      ...reads.flatMap(reading),
      ...works.flatMap(working),
      ...ofRuns[runs],
    ]),
    subscribe: [`${inboxPrefix(service)}.>`, ...answers],
  };
}

/** By service. No run-time identity makes, changes, empties or deletes a stream. */
export const NATS_PERMISSIONS: Readonly<Record<ServiceName, SubjectPermissions>> = {
  api: permissionsOf('api'),
  scheduler: permissionsOf('scheduler'),
  executor: permissionsOf('executor'),
  'result-projector': permissionsOf('result-projector'),
  'alert-evaluator': permissionsOf('alert-evaluator'),
  notifier: permissionsOf('notifier'),
};

/** Who reads the log to judge it: no service, and in an account of its own (`auditorAccess`). */
export const AUDITOR = 'auditor';
