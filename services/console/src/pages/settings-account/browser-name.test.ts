import { expect, it } from 'vitest';
import { browserName } from './browser-name.js';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605.1 Version/20.0 Mobile Safari/604.1',
    'Safari on iOS',
  ],
  ['curl/8.1', 'curl/8.1'],
  [null, 'Unknown browser'],
])('a session of %s is called %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
