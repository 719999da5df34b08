import { describe, expect, it } from 'vitest';
import { checkScenario } from './check-scenario.js';
import { EXAMPLES } from './examples.js';

const scenario = (step: object) =>
  JSON.stringify({ steps: [{ name: 'a', url: 'https://x.example', ...step }] }, null, 2);

describe('a scenario as text', () => {
  it('is right when it is the example', () => {
    expect(checkScenario(EXAMPLES.api)).toMatchObject({ problems: [] });
  });

  it('says where it is no JSON', () => {
    expect(checkScenario('{\n  "steps": [,]\n}').problems).toMatchObject([{ line: 2, field: '' }]);
  });

  it.each([
    [{ assert: [{ that: 'status', is: 'nonsense' }] }, 'steps.0.assert.0.is'],
    [{ metod: 'GET' }, 'steps.0.metod'],
    [{ timeoutSeconds: 0 }, 'steps.0.timeoutSeconds'],
    [{ extract: [{ from: 'json', path: '$[', as: 'x' }] }, 'steps.0.extract.0.path'],
  ])('names what is wrong in %j', (step, field) => {
    const text = scenario(step);
    const [problem] = checkScenario(text).problems;
    expect(problem?.field).toBe(field);
    expect(problem?.line).toBeGreaterThan(3);
  });
});
