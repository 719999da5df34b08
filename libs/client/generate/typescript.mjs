// The event types of the published package, which knows none of the private ones: types for people, and the shape that is
// looked at before a handler gets an event.
import { OPEN_EVENTS } from './channels.mjs';

const HEADER = '// Generated from proto and libs/contracts by libs/client/generate: npm run gen:asyncapi\n';

function typeOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref;
  if (schema.type === 'array') return `readonly ${typeOf(schema.items)}[]`;
  // What is not known today may be there tomorrow: the known values are offered, others are let in.
  if (schema['x-values'] !== undefined)
    return `${schema['x-values'].map((value) => `'${value}'`).join(' | ')} | (string & {})`;
  if (schema.type === 'integer') return 'number';
  return schema.type === 'object' ? 'Readonly<Record<string, unknown>>' : schema.type;
}

function shapeOf(schema) {
  if (schema.$ref !== undefined) return `shape${schema.$ref}`;
  if (schema.type === 'array') return `z.array(${shapeOf(schema.items)})`;
  if (schema.type === 'object') return 'z.record(z.string(), z.unknown())';
  return `z.${schema.type === 'integer' ? 'number' : schema.type}()`;
}

const optional = (required, name) => !required.includes(name);

const interfaceOf = ([name, { description, required, properties }]) =>
  `/** ${description} */
export interface ${name} {
${Object.entries(properties)
  .map(([key, schema]) => {
    const comment = schema.description ? `  /** ${schema.description} */\n` : '';
    const type = typeOf(schema);
    return optional(required, key)
      ? `${comment}  readonly ${key}?: ${type} | undefined;`
      : `${comment}  readonly ${key}: ${type};`;
  })
  .join('\n')}
}
`;

const shape = ([name, { required, properties }]) =>
  `const shape${name} = z.looseObject({
${Object.entries(properties)
  .map(([key, schema]) => `  ${key}: ${shapeOf(schema)}${optional(required, key) ? '.optional()' : ''},`)
  .join('\n')}
});
`;

export const eventTypes = (schemas) => `${HEADER}
${[...schemas].map(interfaceOf).join('\n')}
/** Every event that a subscriber can hear, by the name its CloudEvents type ends in. */
export interface EventMap {
${OPEN_EVENTS.map((type) => `  readonly ${type}: ${type};`).join('\n')}
}
`;

/** Those that are used come first. */
export const eventShapes = (schemas) => `${HEADER}import { z } from 'zod';
import type { EventMap } from './events.gen.js';

${[...schemas].map(shape).join('\n')}
/** What has to be there for a handler to be given an event. Fields and values that are new are let through. */
export const EVENT_SHAPES: { readonly [K in keyof EventMap]: z.ZodType<EventMap[K]> } = {
${OPEN_EVENTS.map((type) => `  ${type}: shape${type},`).join('\n')}
};
`;
