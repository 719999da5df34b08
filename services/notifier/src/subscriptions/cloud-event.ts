import type { StoredMessage } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json';

/** CloudEvents 1.0, structured: the attributes the event has on the log, its data byte for byte. */
export function cloudEvent(message: Pick<StoredMessage, 'header' | 'body'>): string {
  const attribute = (name: string) => message.header(`ce-${name}`);
  const traceparent = message.header('traceparent');
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: attribute('id'),
    source: attribute('source'),
    type: attribute('type'),
    subject: attribute('subject'),
    time: attribute('time'),
    datacontenttype: 'application/json',
    ...(traceparent === '' ? {} : { traceparent }),
  });
  return `${attributes.slice(0, -1)},"data":${message.body()}}`;
}

/** What a subscriber is sent when somebody wants to see whether it works; no event of the log. */
export const pingEvent = (ping: {
  readonly id: string;
  readonly subscriptionId: string;
  readonly project: string;
  readonly name: string;
  readonly now: Instant;
}): string =>
  JSON.stringify({
    specversion: '1.0',
    id: ping.id,
    source: 'tocsin/notifier',
    type: 'tocsin.v1.Ping',
    subject: ping.subscriptionId,
    time: ping.now,
    datacontenttype: 'application/json',
    data: { project: ping.project, subscriptionId: ping.subscriptionId, name: ping.name },
  });
