import { expect, test } from 'vitest';
import { NATS_PERMISSIONS, SERVICE_NAMES, type ServiceName } from './permissions.js';
import { STREAM_NAMES } from './streams.js';

const isEvent = (subject: string) => !/^(\$JS\.|_INBOX_|rpc\.)/.test(subject);
const readers = (stream: string) =>
  SERVICE_NAMES.filter((name) =>
    NATS_PERMISSIONS[name].publish.includes(`$JS.API.CONSUMER.CREATE.${stream}.>`),
  );

test.each<[ServiceName, string[]]>([
  ['api', ['config.>', 'check.due.>', 'run.due.>', 'result.>']],
  ['scheduler', ['check.due.>', 'run.due.>', 'result.>']],
  ['executor', ['result.>', 'output.>', '$O.ARTIFACTS.>']],
  ['result-projector', ['status.>']],
  ['alert-evaluator', ['alert.>']],
  ['notifier', ['delivery.>']],
])('%s publishes %j', (service, subjects) => {
  expect(NATS_PERMISSIONS[service].publish.filter(isEvent)).toEqual(subjects);
});

test.each<[string, ServiceName[]]>([
  ['CONFIG', ['api', 'scheduler', 'result-projector', 'alert-evaluator', 'notifier']],
  ['CHECKS', []],
  ['RESULTS', ['scheduler', 'result-projector', 'alert-evaluator']],
  ['STATUS', ['api', 'alert-evaluator', 'notifier']],
  ['ALERTS', ['api', 'notifier']],
  ['DELIVERIES', ['api']],
])('%s is read by %j', (stream, services) => {
  expect(readers(stream)).toEqual(services);
});

test('the executor has the two forms of an acknowledgement on CHECKS, and nobody else has any', () => {
  const acks = SERVICE_NAMES.flatMap((name) =>
    NATS_PERMISSIONS[name].publish.filter((subject) => subject.startsWith('$JS.ACK')),
  );
  expect(acks).toEqual(['$JS.ACK.CHECKS.>', '$JS.ACK.*.*.CHECKS.>']);
  expect(NATS_PERMISSIONS.executor.publish).toEqual(expect.arrayContaining(acks));
});

test.each([...SERVICE_NAMES])(
  '%s can neither change a stream nor hear what is not addressed to it',
  (name) => {
    const { publish, subscribe } = NATS_PERMISSIONS[name];
    const verbs = publish.filter((subject) => subject.startsWith('$JS.API.STREAM.'));
    const changing = verbs.filter(
      (subject) => !/^\$JS\.API\.STREAM\.(INFO|MSG\.GET)\.[A-Z_]+$/.test(subject),
    );
    // What an earlier try left of an artifact is no event.
    expect(changing).toEqual(name === 'executor' ? ['$JS.API.STREAM.PURGE.OBJ_ARTIFACTS'] : []);
    for (const subject of publish.filter((one) => one.startsWith('$JS.API.') && one !== '$JS.API.INFO'))
      expect(
        [...STREAM_NAMES, 'OUTPUT', 'OBJ_ARTIFACTS'].some((stream) => subject.includes(`.${stream}`)),
      ).toBe(true);
    expect(subscribe.filter((subject) => !subject.startsWith('rpc.'))).toEqual([`_INBOX_${name}.>`]);
  },
);

const answersTo = (name: ServiceName) =>
  NATS_PERMISSIONS[name].publish.filter((subject) => subject.startsWith('_INBOX_'));

test('a responder answers its callers alone', () => {
  expect(Object.fromEntries(SERVICE_NAMES.map((name) => [name, answersTo(name)]))).toEqual({
    api: ['_INBOX_executor.>'],
    scheduler: [],
    executor: ['_INBOX_api.>', '_INBOX_scheduler.>'],
    'result-projector': [],
    'alert-evaluator': [],
    notifier: ['_INBOX_api.>'],
  });
});
