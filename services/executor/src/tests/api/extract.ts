import type { ApiExtraction } from '@tocsin/contracts';
import { assertNever } from '@tocsin/kernel';
import { type Answer, asText } from './answer.js';
import type { Problem } from './template.js';

const MAX_LENGTH = 100_000;

/** The value that the steps that follow know by `as`. */
export function extract(
  extraction: ApiExtraction,
  answer: Answer,
): { readonly value: string } | { readonly problem: Problem } {
  const found = find(extraction, answer);
  if ('problem' in found) return found;
  return found.value.length <= MAX_LENGTH
    ? found
    : missing(extraction, `it has more than ${MAX_LENGTH} characters`);
}

function find(extraction: ApiExtraction, answer: Answer): { value: string } | { problem: Problem } {
  switch (extraction.from) {
    case 'status':
      return { value: String(answer.status) };
    case 'body':
      return { value: answer.text() };
    case 'header': {
      const value = answer.headers[extraction.header.toLowerCase()];
      return value === undefined
        ? missing(extraction, `the answer has no header ${extraction.header}`)
        : { value };
    }
    case 'json': {
      const selected = answer.select(extraction.path);
      if ('problem' in selected) return missing(extraction, selected.problem.message);
      return selected.values.length === 0
        ? missing(extraction, `${extraction.path} selects nothing in the body`)
        : { value: asText(selected.values[0]) };
    }
    default:
      return assertNever(extraction);
  }
}

const missing = ({ as }: ApiExtraction, why: string): { problem: Problem } => ({
  problem: { code: 'extraction_failed', message: `${as} cannot be taken from the answer: ${why}` },
});
