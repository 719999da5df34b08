import type { ApiAssertion, ApiDefinition, ApiExtraction } from '@tocsin/contracts';
import { jsonPathParserProblem } from './json-path.js';

interface PlacedProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the shape of a scenario does not say: paths that no parser understands, comparisons with nothing. */
export const scenarioProblems = ({ steps }: ApiDefinition): PlacedProblem[] =>
  steps.flatMap(({ extract, assert }, step) =>
    (
      [
        ['extract', extract],
        ['assert', assert],
      ] as const
    ).flatMap(([list, items]) =>
      items.flatMap((item, index) =>
        [...pathProblem(item), ...valueProblem(item)].map(({ path, message }) => ({
          path: ['steps', step, list, index, ...path],
          message,
        })),
      ),
    ),
  );

function pathProblem(item: ApiExtraction | ApiAssertion): PlacedProblem[] {
  const message = 'path' in item ? jsonPathParserProblem(item.path) : undefined;
  return message === undefined ? [] : [{ path: ['path'], message }];
}

function valueProblem(item: ApiExtraction | ApiAssertion): PlacedProblem[] {
  if (!('that' in item) || (item.that !== 'header' && item.that !== 'json')) return [];
  if (item.is === 'present' || item.is === 'absent' || item.value !== undefined) return [];
  return [{ path: ['value'], message: `must say what it is to be compared with: ${item.is}` }];
}
