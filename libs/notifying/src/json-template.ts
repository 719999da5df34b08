import { escapeJson, renderTemplate } from './template.js';
import { NUMERIC_VARIABLES, VARIABLE_NAMES } from './variables.js';

const filledWith = (text: string, number: string): Readonly<Record<string, string>> =>
  Object.fromEntries(VARIABLE_NAMES.map((name) => [name, NUMERIC_VARIABLES.includes(name) ? number : text]));

// The quote is what tells a variable inside a string from one outside; nothing and zero are the other edges.
const SAMPLES = [filledWith('"', '0'), filledWith('"', '120'), filledWith('', '0'), filledWith('x', '7')];

/** Whether a body template gives JSON whatever the values will be. */
export function isJsonTemplate(template: string): boolean {
  return SAMPLES.every((sample) => isJson(renderTemplate(template, sample, escapeJson)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
