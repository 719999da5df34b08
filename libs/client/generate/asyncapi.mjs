// The AsyncAPI 3 document of the published language.
import { SUBSCRIBER_DOMAIN } from '@tocsin/contracts';
import { stringify } from 'yaml';
import { CHANNELS, OPEN_EVENTS, retentionOf } from './channels.mjs';

const HEADER = `# Generated from proto and libs/contracts by libs/client/generate: npm run gen:asyncapi\n`;
const ref = (path) => ({ $ref: `#/${path}` });
const text = (description, more = {}) => ({ type: 'string', description, ...more });

const cloudEvent = {
  type: 'object',
  required: [
    'ce-specversion',
    'ce-id',
    'ce-type',
    'ce-source',
    'ce-time',
    'ce-subject',
    'ce-datacontenttype',
  ],
  properties: {
    'ce-specversion': text('CloudEvents version.', { const: '1.0' }),
    'ce-id': text('Id of the event: the same whenever it is delivered again. De-duplicate on it.', {
      format: 'uuid',
    }),
    'ce-type': text('tocsin.v1. and the name of the event.'),
    'ce-source': text('The part of Tocsin that speaks, such as tocsin/alert-evaluator.'),
    'ce-time': text('When it happened.', { format: 'date-time' }),
    'ce-subject': text('Uuid of what it is about.'),
    'ce-datacontenttype': text('Form of the payload: proto3 JSON.', { const: 'application/json' }),
    'Nats-Msg-Id': text('The same as ce-id.'),
    traceparent: text('W3C trace context, when tracing is on.'),
  },
};

/** `$ref: 'AlertTarget'` is where the document keeps it. */
const located = (schema) =>
  JSON.parse(JSON.stringify(schema), (key, value) =>
    key === '$ref' ? `#/components/schemas/${value}` : value,
  );

const message = (type, { description }) => ({
  name: `tocsin.v1.${type}`,
  title: type,
  summary: description,
  contentType: 'application/json',
  headers: {
    allOf: [
      ref('components/schemas/CloudEventHeaders'),
      { type: 'object', properties: { 'ce-type': { const: `tocsin.v1.${type}` } } },
    ],
  },
  payload: ref(`components/schemas/${type}`),
});

const channel = ({ name, stream, open, address, parameters, description, events }) => [
  name,
  {
    address,
    title: stream,
    description: `${description} Stream ${stream}, kept ${retentionOf(stream)}. ${
      open ? 'Open to the subscribers of the project.' : 'For those who operate Tocsin.'
    }`,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [key, { description: value }]),
    ),
    messages: Object.fromEntries(events.map((type) => [type, ref(`components/messages/${type}`)])),
  },
];

const receive = ({ name, events, description }) => [
  `receive${name[0].toUpperCase()}${name.slice(1)}`,
  {
    action: 'receive',
    channel: ref(`channels/${name}`),
    summary: description,
    messages: events.map((type) => ref(`channels/${name}/messages/${type}`)),
  },
];

export function asyncApi(schemas, version) {
  return (
    HEADER +
    stringify(
      {
        asyncapi: '3.0.0',
        info: {
          title: 'Tocsin events',
          version,
          license: { name: 'Apache-2.0' },
          description:
            'What happens in Tocsin, as CloudEvents 1.0 in NATS binary mode: attributes are headers, the payload is ' +
            'proto3 JSON. Delivery is at least once and in order. Further fields, further values and further events ' +
            'may be added: ignore what you do not know. A subscriber reads the events of its project, those of ' +
            `${OPEN_EVENTS.join(', ')}, from stream EVENTS_<project> in JetStream domain ${SUBSCRIBER_DOMAIN}; ` +
            'libs/client/README.md says how.',
        },
        defaultContentType: 'application/json',
        servers: {
          tocsin: {
            host: 'nats.example:4222',
            protocol: 'nats',
            description: 'The NATS server of your Tocsin.',
            security: [ref('components/securitySchemes/subscriber')],
          },
        },
        channels: Object.fromEntries(CHANNELS.map(channel)),
        operations: Object.fromEntries(CHANNELS.filter(({ open }) => open).map(receive)),
        components: {
          securitySchemes: {
            subscriber: {
              type: 'userPassword',
              description: 'Given by whoever operates Tocsin, for one project.',
            },
          },
          messages: Object.fromEntries(
            CHANNELS.flatMap(({ events }) => events).map((type) => [type, message(type, schemas.get(type))]),
          ),
          schemas: {
            CloudEventHeaders: cloudEvent,
            ...Object.fromEntries([...schemas].map(([name, schema]) => [name, located(schema)])),
          },
        },
      },
      { lineWidth: 120, aliasDuplicateObjects: false },
    )
  );
}
