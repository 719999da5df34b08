import { describe, expect, it } from 'vitest';
import { recordsProblem } from './judge-records.js';

const problem = (
  match: 'any' | 'all' | 'exact',
  expectedValues: string[] | undefined,
  values: string[],
  recordType: 'A' | 'MX' | 'TXT' | 'NS' = 'A',
) => recordsProblem({ match, expectedValues, recordType }, values)?.code;

describe('recordsProblem', () => {
  it.each([
    ['any', ['a', 'x'], ['a', 'b'], undefined],
    ['any', ['x', 'y'], ['a', 'b'], 'dns_mismatch'],
    ['all', ['a', 'b'], ['a', 'b', 'c'], undefined],
    ['all', ['a', 'x'], ['a', 'b'], 'dns_mismatch'],
    ['exact', ['b', 'a'], ['a', 'b'], undefined],
    ['exact', ['a', 'b'], ['a', 'b', 'c'], 'dns_mismatch'],
    ['exact', ['a', 'b', 'c'], ['a', 'b'], 'dns_mismatch'],
    ['any', undefined, ['a'], undefined],
    ['any', undefined, [], 'dns_no_records'],
    ['exact', ['a'], [], 'dns_no_records'],
  ] as const)('%s of %j in %j: %s', (match, expected, values, code) => {
    expect(problem(match, expected && [...expected], [...values])).toBe(code);
  });
  it('compares names without case and final dot, texts as they are', () => {
    expect(problem('exact', ['NS1.Example.com.'], ['ns1.example.com'], 'NS')).toBeUndefined();
    expect(problem('exact', ['10  mail.example.com.'], ['10 MAIL.example.com'], 'MX')).toBeUndefined();
    expect(problem('exact', ['0 .'], ['0 .'], 'MX')).toBeUndefined();
    expect(problem('exact', ['V=spf1'], ['v=spf1'], 'TXT')).toBe('dns_mismatch');
  });
});
