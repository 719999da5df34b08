import { reference } from '../draft.js';

const VARIABLE = /\$\$|\$\{([A-Za-z0-9_]+)\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;

/** Gatus fills in variables before it reads the YAML: here they stay what they are, in every text. */
export function withReferences(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(VARIABLE, (found, braced?: string, bare?: string) =>
      found === '$$' ? '$' : reference(braced ?? bare ?? ''),
    );
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item)]));
}
