// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so a place for the environment is written
import { describe, expect, it } from 'vitest';
import { load } from './load.js';

const loaded = (...texts: string[]) =>
  load(
    texts.map((text, index) => ({ file: `${index}.yaml`, text })),
    { HOST: 'shop.example' },
    (file, beside) => (file === 'a.spec.ts' ? `// ${beside}` : undefined),
  );
const monitor = 'monitors: [{ name: a, type: ping_host, target: "${HOST}" }]';

describe('files', () => {
  it('are one document together, as YAML or JSON', () => {
    const found = loaded(
      `tocsin: 1\nset: shop\n${monitor}`,
      '{"tocsin": 1, "monitors": [{"name": "b", "type": "heartbeat"}]}',
    );
    expect(found).toMatchObject({
      document: { set: 'shop', monitors: [{ name: 'a', target: 'shop.example' }, { name: 'b' }] },
      values: ['shop.example'],
    });
    if ('problems' in found) throw new Error('refused');
    expect(found.fromEnvironment('monitor', 'a')).toEqual([{ path: ['target'], variables: ['HOST'] }]);
    expect(found.fromEnvironment('monitor', 'b')).toEqual([]);
  });

  it('have places for the environment also where YAML has braces of its own', () => {
    const text =
      'tocsin: 1\nmonitors: [{ name: a, type: ping_host, target: ${HOST}, tags: [${X:-x}, "${X:-y}"] }]';
    expect(loaded(text)).toMatchObject({
      document: { monitors: [{ target: 'shop.example', tags: ['x', 'y'] }] },
    });
    expect(loaded(text.replace('HOST', 'UNSET'))).toMatchObject({
      problems: [expect.stringMatching(/^0\.yaml:2:48: /)],
    });
  });

  it('may repeat what they say with anchors', () => {
    const text = `tocsin: 1\nmonitors:\n  - &a { name: a, type: ping_host, target: localhost }\n  - { <<: *a, name: b }`;
    expect(loaded(text)).toMatchObject({
      document: { monitors: [{ name: 'a' }, { name: 'b', target: 'localhost' }] },
    });
  });

  it('name scripts beside them', () => {
    const text =
      'tocsin: 1\ntests: [{ name: t, kind: browser, scriptFile: a.spec.ts, definition: { timeoutSeconds: 5 } }]';
    expect(loaded(text)).toMatchObject({
      document: { tests: [{ definition: { script: '// 0.yaml', timeoutSeconds: 5 } }] },
    });
  });

  it.each([
    ['tocsin: 1\nmonitors: [', /^0\.yaml:2:\d+: /],
    ['tocsin: 1\na: 1\na: 2', /^0\.yaml:3:1: .*unique/],
    ['- 1', /^0\.yaml:1:1: must be a document that begins with tocsin: 1/],
    ['monitors: []', /tocsin: must be 1/],
    ['tocsin: 1\ncolour: red', /colour: is not known here/],
    [
      'tocsin: 1\nmonitors:\n  - { name: a, type: odd }',
      /^0\.yaml:3:22: monitor "a": type: type must be one of http_request, /,
    ],
    [
      'tocsin: 1\nmonitors:\n  - name: a\n    type: http_request\n    target: ftp://x',
      /^0\.yaml:5:13: monitor "a": target: must start with http/,
    ],
    [
      'tocsin: 1\ntests:\n  - { name: t, kind: browser, scriptFile: gone.ts }',
      /^0\.yaml:3:43: cannot read gone\.ts/,
    ],
    [
      'tocsin: 1\ntests:\n  - { name: t, kind: browser }',
      /^0\.yaml:3:5: test "t": needs either a scriptFile/,
    ],
    [
      'tocsin: 1\nvariables:\n  - { name: A, value: a, secret: b }',
      /^0\.yaml:3:5: variable "A": needs either a value or a secret/,
    ],
    [
      'tocsin: 1\njobs:\n  - { name: j }\n  - { name: j }',
      /^0\.yaml:4:13: job "j": name: there is another job called "j"/,
    ],
    ['tocsin: 1\nmonitors: [{ name: a, type: heartbeat, managedBy: x }]', /managedBy: is not known here/],
    [
      'tocsin: 1\nmonitors: [{ name: a, type: heartbeat, description: "${X}" }]',
      /^0\.yaml:2:53: monitors\.0\.description: X is not set/,
    ],
  ])('%j is refused, with its place', (text, problem) => {
    const found = loaded(text);
    expect('problems' in found ? found.problems : []).toEqual([expect.stringMatching(problem)]);
  });

  it('that say different sets are refused', () => {
    const found = loaded('tocsin: 1\nset: a', 'tocsin: 1\nset: b');
    expect(found).toMatchObject({ problems: ['1.yaml:2:6: set: another file says "a"'] });
  });
});
