/** Makes a value safe for the place it is put into. */
export type Escaper = (value: string) => string;

export const escapeJson: Escaper = (value) => JSON.stringify(value.toWellFormed()).slice(1, -1);

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml: Escaper = (value) =>
  value.replace(/[&<>"']/g, (char) => HTML_ENTITIES[char] ?? char);

export const escapeNothing: Escaper = (value) => value;

const VARIABLE = /\{\{[ \t]*([A-Za-z]\w*)[ \t]*\}\}/g;

/**
 * Puts values in the place of `{{name}}`, once: what a value contains is never read as a template again.
 *
 * There is no logic to inject into. A name that is not known stays as it was written, so that a typing error shows.
 */
export function renderTemplate(
  template: string,
  variables: Readonly<Record<string, string>>,
  escaper: Escaper,
): string {
  return template.replace(VARIABLE, (written, name: string) =>
    Object.hasOwn(variables, name) ? escaper(variables[name] ?? '') : written,
  );
}
