import { describe, expect, it } from 'vitest';
import { parseConfig } from './check-config.js';

describe('the settings of a check', () => {
  it('are read once for all monitors that share them', () => {
    const one = parseConfig('http_request', { timeoutSeconds: 7 }, undefined);
    expect(parseConfig('http_request', { timeoutSeconds: 7 }, undefined)).toBe(one);
    expect(one).toMatchObject({ active: { timeoutSeconds: 7, retries: 0 } });
  });
  it('of another kind are others', () => {
    expect(parseConfig('http_request', {}, undefined)).not.toBe(parseConfig('website', {}, undefined));
  });
  it('with a secret are kept by nobody', () => {
    const open = { auth: { type: 'bearer' } };
    const of = (token: string) => parseConfig('http_request', open, { auth: { token } });
    expect(of('a')).not.toBe(of('a'));
    expect([of('a'), of('b')]).toMatchObject([
      { active: { auth: { token: 'a' } } },
      { active: { auth: { token: 'b' } } },
    ]);
    expect(parseConfig('http_request', open, undefined)).toHaveProperty('problem');
  });
});
