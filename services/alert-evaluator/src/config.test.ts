import { readFileSync } from 'node:fs';
import { type ConfigError, parseConfig } from '@tocsin/service-kit';
import { expect, test } from 'vitest';
import { evaluatorConfig } from './config.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README names every variable, and no other', () => {
  const named = [...readme.matchAll(/^\| `([A-Z_]+)` \| (\w+|`\S+`) \|/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(Object.keys(evaluatorConfig.shape).toSorted());
});

test('the README says which are required', () => {
  const required = [...readme.matchAll(/^\| `([A-Z_]+)` \| required \|/gm)].map(([, name]) => name);
  const lacking = (() => {
    try {
      parseConfig(evaluatorConfig, {});
      return [];
    } catch (error) {
      return (error as ConfigError).problems.map((problem) => problem.split(' ')[0]);
    }
  })();
  expect(lacking.toSorted()).toEqual(required.toSorted());
});
