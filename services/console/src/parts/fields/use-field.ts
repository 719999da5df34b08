import { useController } from 'react-hook-form';

/** A field of the form around it, by its name. */
export function useField(name: string) {
  const { field, fieldState } = useController({ name });
  const { ref, onBlur, onChange, value } = field;
  return { ref, onBlur, onChange, value: value as unknown, error: messageOf(fieldState.error) };
}

/** What the schemas say of a field that was left empty. */
const NEEDED =
  /^(Too small: expected string to have >=1 characters|Invalid input: expected \w+, received undefined)$/;

/** The first thing wrong, also when it is deeper down than the field. */
function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string' && error.message !== '')
    return NEEDED.test(error.message) ? 'is needed' : error.message;
  for (const [key, inner] of Object.entries(error)) {
    const message = key === 'ref' ? undefined : messageOf(inner);
    if (message !== undefined) return message;
  }
  return undefined;
}
