import { jsonpath } from 'json-p3';

/** What no pattern can tell: whether the parser that will evaluate the path understands it; undefined when it does. */
export function jsonPathParserProblem(path: string): string | undefined {
  try {
    jsonpath.compile(path);
    return undefined;
  } catch (error) {
    return `is not a JSONPath (RFC 9535): ${error instanceof Error ? error.message : 'not understood'}`;
  }
}
