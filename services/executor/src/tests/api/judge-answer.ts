import type { ApiAssertion } from '@tocsin/contracts';
import { assertNever } from '@tocsin/kernel';
import { isSame, type JsonScalar } from '../../http/json-values.js';
import { isExpectedStatus } from '../../http/status-matcher.js';
import { type Answer, asText } from './answer.js';
import { type Problem, render } from './template.js';

/** What an assertion is judged with. */
export interface Scope {
  readonly variables: ReadonlyMap<string, string>;
  /** how a found value is told: without secrets, and short */
  readonly show: (value: unknown) => string;
}
type JsonAssertion = Extract<ApiAssertion, { that: 'json' }>;
type HeaderAssertion = Extract<ApiAssertion, { that: 'header' }>;
type BodyAssertion = Extract<ApiAssertion, { that: 'body' }>;

/** With the one about the status that holds unless another is there. */
export const allAssertions = (given: readonly ApiAssertion[]): readonly ApiAssertion[] =>
  given.some(({ that }) => that === 'status') ? given : [{ that: 'status', is: '2xx' }, ...given];

/** Why an assertion does not hold; undefined when it does. */
export function judgeAnswer(assertion: ApiAssertion, answer: Answer, scope: Scope): Problem | undefined {
  switch (assertion.that) {
    case 'status':
      return isExpectedStatus(assertion.is, answer.status)
        ? undefined
        : problem('unexpected_status', `the status is ${answer.status}, expected was ${assertion.is}`);
    case 'time': {
      const took = Math.round(answer.totalMs);
      return took <= assertion.atMostMs
        ? undefined
        : problem('slow_response', `the answer took ${took} ms, more than ${assertion.atMostMs} ms`);
    }
    case 'header':
      return judgeHeader(assertion, answer, scope);
    case 'body':
      return judgeBody(assertion, answer, scope);
    case 'json':
      return judgeJson(assertion, answer, scope);
    default:
      return assertNever(assertion);
  }
}

function judgeHeader(
  { header, is, value }: HeaderAssertion,
  answer: Answer,
  scope: Scope,
): Problem | undefined {
  const found = answer.headers[header.toLowerCase()];
  if (is === 'absent')
    return found === undefined
      ? undefined
      : problem('header_present', `the answer has a header ${header}: ${scope.show(found)}`);
  if (found === undefined) return problem('header_missing', `the answer has no header ${header}`);
  if (is === 'present') return undefined;
  const expected = expectedOf(value, scope);
  if ('problem' in expected) return expected.problem;
  const text = String(expected.value);
  const holds = is === 'equal' ? found === text : found.includes(text);
  return holds
    ? undefined
    : problem(
        'header_mismatch',
        `header ${header} is ${scope.show(found)}, expected was ${is} ${scope.show(text)}`,
      );
}

function judgeBody({ is, value }: BodyAssertion, answer: Answer, scope: Scope): Problem | undefined {
  const expected = render(value, scope.variables);
  if ('problem' in expected) return expected.problem;
  const where = answer.isTruncated ? 'the part of the body that was read' : 'the body';
  const found = answer.text().includes(expected.text);
  if (found === (is === 'containing')) return undefined;
  return problem(
    'body_mismatch',
    `${where} ${found ? 'has' : 'does not have'} ${scope.show(expected.text)} in it`,
  );
}

function judgeJson({ path, is, value }: JsonAssertion, answer: Answer, scope: Scope): Problem | undefined {
  const selected = answer.select(path);
  if ('problem' in selected) return selected.problem;
  const { values } = selected;
  if (is === 'absent')
    return values.length === 0
      ? undefined
      : problem('json_path_present', `${path} is there: ${scope.show(values[0])}`);
  if (is === 'present')
    return values.length > 0
      ? undefined
      : problem('json_path_missing', `${path} selects nothing in the body`);
  const expected = expectedOf(value, scope);
  if ('problem' in expected) return expected.problem;
  const holds = (found: unknown) => compare(found, is, expected.value);
  if (is === 'not_equal' ? values.every(holds) : values.some(holds)) return undefined;
  return values.length === 0
    ? problem('json_path_missing', `${path} selects nothing in the body`)
    : problem(
        'json_path_mismatch',
        `${path} is ${scope.show(values.length === 1 ? values[0] : values)}, expected was ${is.replace('_', ' ')} ${scope.show(expected.value)}`,
      );
}

function compare(
  found: unknown,
  is: Exclude<JsonAssertion['is'], 'present' | 'absent'>,
  expected: JsonScalar,
): boolean {
  switch (is) {
    case 'equal':
      return isSame(found, expected);
    case 'not_equal':
      return !isSame(found, expected);
    case 'containing':
      return Array.isArray(found)
        ? found.some((item) => isSame(item, expected))
        : asText(found).includes(String(expected));
    case 'less_than':
      return isNumber(found) && Number(found) < Number(expected);
    case 'greater_than':
      return isNumber(found) && Number(found) > Number(expected);
    default:
      return assertNever(is);
  }
}

const isNumber = (found: unknown): boolean =>
  typeof found === 'number' ||
  (typeof found === 'string' && found.trim() !== '' && !Number.isNaN(Number(found)));

function expectedOf(
  value: JsonScalar | undefined,
  scope: Scope,
): { readonly value: JsonScalar } | { readonly problem: Problem } {
  if (value === undefined)
    return { problem: { code: 'assertion_invalid', message: 'the assertion has no value to compare with' } };
  if (typeof value !== 'string') return { value };
  const rendered = render(value, scope.variables);
  return 'problem' in rendered ? rendered : { value: rendered.text };
}

const problem = (code: string, message: string): Problem => ({ code, message });
