import type { TestView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { TestKind } from '@tocsin/monitoring';
import { EXAMPLES } from './examples.js';

/** What the form holds: a script or a scenario as its text. */
export interface TestValues {
  name: string;
  description: string;
  tags: string[];
  code: string;
  /** of browser tests */
  timeoutSeconds: number;
}

const USUAL_TIMEOUT_SECONDS = 300;

export const newTest = (kind: TestKind): TestValues => ({
  name: '',
  description: '',
  tags: [],
  code: EXAMPLES[kind],
  timeoutSeconds: USUAL_TIMEOUT_SECONDS,
});

export const valuesOf = ({ name, description = '', tags, kind, definition }: TestView): TestValues => ({
  name,
  description,
  tags,
  ...codeOf(kind, definition),
});

/** A definition as what is edited of it. */
export function codeOf(kind: TestKind, definition: JsonObject): Pick<TestValues, 'code' | 'timeoutSeconds'> {
  const { script, timeoutSeconds } = definition;
  return {
    code:
      kind === 'browser'
        ? typeof script === 'string'
          ? script
          : ''
        : `${JSON.stringify(definition, null, 2)}\n`,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : USUAL_TIMEOUT_SECONDS,
  };
}
