import { expect, it } from 'vitest';
import { addressOf, routeNamed } from './api.js';
import { apiToken, apiUrl } from './connection.js';

const files: Readonly<Record<string, string>> = {
  '.tocsin/token': 'local\n',
  'ci.token': ' named \n',
  empty: '',
};
const read = (path: string) => files[path];

it.each([
  [{}, {}, 'http://127.0.0.1:3000'],
  [{}, { TOCSIN_URL: 'https://tocsin.example/' }, 'https://tocsin.example'],
  [{ url: 'https://other.example' }, { TOCSIN_URL: 'https://tocsin.example' }, 'https://other.example'],
])('finds the api by %j and %j at %s', (options, env, url) => {
  expect(apiUrl(options, env)).toBe(url);
});

it.each(['tocsin.example', 'ftp://tocsin.example', ''])('refuses "%s" as the address of an api', (url) => {
  expect(() => apiUrl({ url }, {})).toThrow('no address of an api');
});

it.each([
  [{}, {}, 'local'],
  [{}, { TOCSIN_TOKEN: 'given' }, 'given'],
  [{}, { TOCSIN_TOKEN_FILE: 'ci.token' }, 'named'],
  [{ tokenFile: 'ci.token' }, { TOCSIN_TOKEN: 'given' }, 'named'],
])('takes the token that %j and %j name', (options, env, token) => {
  expect(apiToken(options, env, read)).toBe(token);
});

it.each([
  [{}, { TOCSIN_TOKEN_FILE: 'empty' }, 'no token'],
  [{ tokenFile: 'gone' }, {}, 'cannot read the token file gone'],
])('says what to do where %j and %j name none', (options, env, message) => {
  expect(() => apiToken(options, env, read)).toThrow(message);
});

it('spells the address of a route once, with what is asked quoted', () => {
  const ask = { params: { id: 'a/b' }, query: { limit: 5, tag: ['x y', 'z'], cursor: undefined } };
  expect(addressOf(routeNamed('listResults'), ask)).toBe(
    '/api/v1/monitors/a%2Fb/results?limit=5&tag=x+y&tag=z',
  );
});
