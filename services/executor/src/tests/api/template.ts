/** What is wrong with a step, by itself or with what it found: the test's fault, not ours. */
export interface Problem {
  /** stable snake_case code */
  readonly code: string;
  readonly message: string;
}

export type Rendered = { readonly text: string } | { readonly problem: Problem };

const REFERENCE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}/g;
/** A value put in many times must not grow a request out of all bounds. */
const MAX_LENGTH = 1024 * 1024;

/** Puts values in the places of `{{NAME}}`; they are not looked at again. */
export function render(template: string, variables: ReadonlyMap<string, string>): Rendered {
  let text = '';
  let from = 0;
  for (const { 0: reference, 1: name = '', index } of template.matchAll(REFERENCE)) {
    const value = variables.get(name);
    if (value === undefined)
      return {
        problem: { code: 'variable_missing', message: `there is no variable ${name} at this step` },
      };
    text += template.slice(from, index) + value;
    from = index + reference.length;
    if (text.length > MAX_LENGTH)
      return { problem: { code: 'template_too_large', message: 'the variables make this text too large' } };
  }
  return { text: text + template.slice(from) };
}
