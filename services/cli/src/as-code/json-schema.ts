import { z } from 'zod';
import { documentSchema } from './document.js';

type Schema = z.core.JSONSchema.BaseSchema;

/** The document as JSON Schema says it, values as they are once the environment is filled in. */
export const plainSchema = (): Schema => z.toJSONSchema(documentSchema, { io: 'input' });

const PLACEHOLDER = { type: 'string', pattern: '\\$\\{[A-Za-z_]' } as const;

/** The same for editors: where a text has a form, a `${NAME}` may stand in its place. */
export function editorSchema(): Schema {
  const schema = z.toJSONSchema(documentSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { type, format, pattern, minLength, maxLength, allOf, ...rest } = jsonSchema;
      if (type !== 'string' || (format === undefined && pattern === undefined && allOf === undefined)) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      const form = { type, format, pattern, minLength, maxLength, allOf };
      const known = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
      Object.assign(jsonSchema, rest, { anyOf: [known, PLACEHOLDER] });
    },
  });
  return { ...schema, title: 'Tocsin: configuration as code' };
}
