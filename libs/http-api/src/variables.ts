import { VARIABLE_MAX_LENGTH, variableName } from '@tocsin/contracts';
import { z } from 'zod';
import { description, id, instant, managedBy, token } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const value = z.string().min(1).max(VARIABLE_MAX_LENGTH);

/** A variable of the project's tests. A secret one is never shown again, and masked where a test prints it. */
export const variableInput = z
  .strictObject({
    name: variableName,
    value,
    secret: z.boolean().default(false),
    description: description.optional(),
    managedBy,
  })
  .meta({ id: 'VariableInput' });

/** What is secret stays so: to make it readable, delete it and create it anew. */
export const variablePatch = z
  .strictObject({ value, description: description.nullable(), managedBy })
  .partial()
  .meta({ id: 'VariablePatch' });

export const variableView = z
  .object({
    id,
    name: variableName,
    value: z.string().nullable().meta({ description: 'null when it is secret' }),
    secret: z.boolean(),
    description: description.optional(),
    managedBy,
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Variable' });

export const variableListQuery = z.strictObject({ ...pageQuery, managedBy: token.optional() });
export const variablePage = pageOf(variableView);
export const variableCursor = cursorFor('variables', z.tuple([z.string()]));

export type VariableInput = z.output<typeof variableInput>;
export type VariablePatch = z.output<typeof variablePatch>;
export type VariableView = z.output<typeof variableView>;
