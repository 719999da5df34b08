import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { ApiError } from '../../api/api-error.js';

/**
 * What the api found wrong, said at the fields it is about.
 * @returns the error when there is something that no field can show
 */
export function atFields<Values extends FieldValues>(
  form: Pick<UseFormReturn<Values>, 'setError' | 'getValues'>,
  error: unknown,
): unknown {
  if (!(error instanceof ApiError) || error.fields.length === 0) return error;
  const known = error.fields.filter(({ field }) => isFieldOf(form.getValues(), field));
  for (const [index, { field, message }] of known.entries())
    form.setError(field as Path<Values>, { type: 'api', message }, { shouldFocus: index === 0 });
  const others = error.fields.length - known.length;
  return others === 0 ? undefined : error;
}

/** A place below a field counts as the field's: `tags.3` is said at the tags. */
export function isFieldOf(values: object, field: string): boolean {
  const [first] = field.split('.');
  return first !== undefined && Object.hasOwn(values, first);
}
