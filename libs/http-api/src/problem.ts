import { DomainError, ERROR_CODES, type ErrorCode, type FieldProblem } from '@tocsin/kernel';
import { z } from 'zod';

const CODES = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457, with our code and one entry per offending field. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(CODES),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problem>;

export function problemOf(error: DomainError): Problem {
  return {
    type: `urn:tocsin:problem:${error.code}`,
    title: titleOf(error.code),
    status: ERROR_CODES[error.code],
    detail: error.message,
    code: error.code,
    errors: error.problems.map(({ field, message }) => ({ field, message })),
  };
}

export const titleOf = (code: ErrorCode): string => {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/**
 * What came from outside, as the schema gives it back.
 * @param part named when the value as a whole is wrong: `body`, `query`
 * @throws DomainError `validation_failed` naming every offending field
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part = 'body',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = fieldProblems(parsed.error, part);
  const [first] = problems;
  const detail = first === undefined ? `${part} is not valid` : `${first.field}: ${first.message}`;
  throw new DomainError('validation_failed', detail, problems);
}

export function fieldProblems(error: z.ZodError, part = 'body'): readonly FieldProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], part));
}

type Path = readonly PropertyKey[];

function problemsOf(issue: z.core.$ZodIssue, above: Path, part: string): readonly FieldProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: fieldOf([...path, key], part), message: 'is not known here' }));
  const nested = issue.code === 'invalid_union' ? nearest(issue.errors, path, part) : undefined;
  if (nested !== undefined) return nested;
  const reason = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return [{ field: fieldOf(path, part), message: reason ?? issue.message }];
}

/** Of several alternatives, the one whose type matched and only details did not. */
function nearest(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
  path: Path,
  part: string,
): readonly FieldProblem[] | undefined {
  const meant = alternatives.find((issues) => issues.every(({ code, path: at }) => !isOtherType(code, at)));
  return meant?.flatMap((issue) => problemsOf(issue, path, part));
}

const isOtherType = (code: z.core.$ZodIssue['code'], path: Path): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

const fieldOf = (path: Path, part: string): string => (path.length === 0 ? part : path.map(String).join('.'));
