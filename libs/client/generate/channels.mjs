// Which events are said under which subject. The templates are what subjects.ts makes of the names of its parts.
import { STREAMS, subjects } from '@tocsin/contracts';

const ID = '00000000-0000-4000-8000-000000000000';
const template = (subject) =>
  subject
    .replace(ID, '{id}')
    .replaceAll(/<(\w+)>/g, '{$1}')
    .replace(/^result\.0\./, 'result.{shard}.');

const target = { project: 'the tenant', kind: 'monitor or job', id: 'uuid of the monitor or job' };

/** `open` to subscribers; the others are for those who operate Tocsin. */
export const CHANNELS = [
  {
    name: 'alert',
    stream: 'ALERTS',
    open: true,
    address: template(subjects.alert('<project>', '<kind>', ID, '<verb>')),
    parameters: { ...target, verb: 'raised, unmuted, resolved, acknowledged or policy' },
    description: 'Decisions: alerts from raise to resolve, and the policies they were decided under.',
    events: ['AlertRaised', 'AlertUnmuted', 'AlertResolved', 'AlertAcknowledged', 'PolicyChanged'],
  },
  {
    name: 'status',
    stream: 'STATUS',
    open: true,
    address: template(subjects.status('<project>', '<kind>', ID)),
    parameters: target,
    description: 'What a monitor or job is now.',
    events: ['StatusChanged'],
  },
  {
    name: 'config',
    stream: 'CONFIG',
    open: false,
    address: template(subjects.config('<project>', '<kind>', ID)),
    parameters: { project: 'the tenant', kind: 'what was changed', id: 'uuid of what was changed' },
    description: 'What people decided.',
    events: [
      ...['Monitor', 'Job', 'Test', 'Variable', 'Provider', 'Subscription'].flatMap((what) => [
        `${what}Configured`,
        `${what}Deleted`,
      ]),
      'AcknowledgementGiven',
      'RedriveRequested',
      'RunRequested',
      'RunCancelRequested',
    ],
  },
  {
    name: 'checkDue',
    stream: 'CHECKS',
    open: false,
    address: template(subjects.checkDue('<location>', '<kind>', ID)),
    parameters: { location: 'an executor pool', kind: 'kind of monitor', id: 'uuid of the monitor' },
    description: 'Checks that are due now.',
    events: ['CheckDue'],
  },
  {
    name: 'runDue',
    stream: 'CHECKS',
    open: false,
    address: template(subjects.runDue('<location>', ID)),
    parameters: { location: 'an executor pool', id: 'uuid of the run' },
    description: 'Runs that are due now.',
    events: ['RunDue'],
  },
  {
    name: 'result',
    stream: 'RESULTS',
    open: false,
    address: template(subjects.result('<project>', '<kind>', ID)),
    parameters: {
      shard: 'last hex digit of the id',
      project: 'the tenant',
      kind: 'monitor, heartbeat or job',
      id: 'uuid of the monitor or job',
    },
    description: 'What checks and runs found.',
    events: ['CheckCompleted', 'CheckMissed', 'RunQueued', 'RunStarted', 'RunCompleted', 'RunMissed'],
  },
  {
    name: 'delivery',
    stream: 'DELIVERIES',
    open: false,
    address: template(subjects.delivery('<project>', '<providerKind>', ID, '<verb>')),
    parameters: {
      project: 'the tenant',
      providerKind: 'slack, email, webhook …',
      id: 'uuid of the provider',
      verb: 'delivered, failed or muted',
    },
    description: 'What became of each notification.',
    events: ['NotificationDelivered', 'NotificationFailed', 'NotificationMuted'],
  },
];

export const OPEN_EVENTS = CHANNELS.filter(({ open }) => open).flatMap(({ events }) => events);
export const retentionOf = (name) => {
  const { maxAgeMs, retention } = STREAMS.find((stream) => stream.name === name);
  if (retention === 'workqueue') return 'until the work is done';
  return maxAgeMs === 0 ? 'for ever' : `${maxAgeMs / 86_400_000} days`;
};
