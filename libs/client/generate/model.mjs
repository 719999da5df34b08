// The published language as data: the messages of proto with their comments, and the JSON that is let in of each.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { eventSchemas, instant } from '@tocsin/contracts';
import { z } from 'zod';

const PACKAGE = '.tocsin.v1.';
const sentence = (comment) => (comment ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');

/** Message by name: its comment, and its fields by JSON name with theirs. */
function messagesOf(root) {
  const image = execFileSync(
    path.join(root, 'node_modules/.bin/buf'),
    ['build', 'proto', '-o', '-#format=json'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const messages = new Map();
  for (const file of JSON.parse(image).file.filter(({ package: name }) => name === 'tocsin.v1')) {
    const comments = new Map(
      file.sourceCodeInfo.location.map((one) => [(one.path ?? []).join('.'), sentence(one.leadingComments)]),
    );
    file.messageType.forEach((message, m) => {
      const fields = message.field.map((field, f) => [
        field.jsonName,
        { comment: comments.get(`4.${m}.2.${f}`) ?? '', message: field.typeName?.replace(PACKAGE, '') },
      ]);
      messages.set(message.name, { comment: comments.get(`4.${m}`) ?? '', fields: new Map(fields) });
    });
  }
  return messages;
}

const jsonSchema = (schema) =>
  z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema: json }) => {
      if (zodSchema === instant) json.format = 'date-time';
    },
  });

/**
 * Schemas by the name of the message: of `types` and of all that is in them. What is not known today may be there
 * tomorrow, so neither are further fields refused nor the values of a field closed: those of today are `x-values`.
 */
export function readModel(root, types) {
  const messages = messagesOf(root);
  const schemas = new Map();

  function opened(json, message) {
    if (json.type === 'array') return { type: 'array', items: opened(json.items, message) };
    if (json.type === 'object' && messages.has(message)) {
      define(message, json);
      return { $ref: message };
    }
    const { enum: values, additionalProperties: _, $schema: __, propertyNames: ___, ...rest } = json;
    if (rest.maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum;
    if (rest.format === 'uuid') delete rest.pattern;
    return values === undefined ? rest : { ...rest, 'x-values': values };
  }

  function define(name, json) {
    const { comment, fields } = messages.get(name);
    const properties = Object.entries(json.properties).map(([key, value]) => {
      const field = fields.get(key);
      if (field === undefined) throw new Error(`${name}.${key} is let in and proto does not know it`);
      const schema = opened(value, field.message);
      return [key, schema.$ref === undefined ? { description: field.comment, ...schema } : schema];
    });
    const required = json.required ?? [];
    const schema = {
      description: comment,
      type: 'object',
      required,
      properties: Object.fromEntries(properties),
    };
    if (schemas.has(name) && !isDeepStrictEqual(schemas.get(name), schema))
      throw new Error(`${name} is let in in two forms: give one of them a message of its own`);
    schemas.set(name, schema);
  }

  for (const type of types) define(type, jsonSchema(eventSchemas[type]));
  return schemas;
}
