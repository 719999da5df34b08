import { expect, test } from 'vitest';
import { oneTimePassword, weaknessOf } from './password.js';
import { hashPassword, verifyPassword } from './password-hash.js';

test('SEC12 a password is kept as Argon2id with 19 MiB, another salt each time', async () => {
  const [one, two] = [await hashPassword('correct horse 1'), await hashPassword('correct horse 1')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword('correct horse 1', one)).toBe(true);
  expect(await verifyPassword('correct horse 2', one)).toBe(false);
  expect(await verifyPassword('correct horse 1', null)).toBe(false);
});

// Made with the command-line tool of the reference implementation: echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
test('what another implementation hashed is understood', async () => {
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword('password', hash)).toBe(true);
  expect(await verifyPassword('passwore', hash)).toBe(false);
});

test('one password has one form, however a keyboard composes it', async () => {
  expect(await verifyPassword('Zu\u0308rich am See', await hashPassword('Zürich am See'))).toBe(true);
});

test.each([
  ['ada@example.com', 'must not be the e-mail address'],
  ['ADA@Example.com', 'must not be the e-mail address'],
  ['password2024!', 'is one of the commonest: choose another'],
  ['qwertyuiop', 'is one of the commonest: choose another'],
  ['1234567890', 'is one of the commonest: choose another'],
  ['abababababab', 'must not repeat a few characters'],
  ['correct horse battery', undefined],
  ['Tr0ub4dor&3x', undefined],
])('%s: %s', (password, weakness) => {
  expect(weaknessOf(password, 'ada@example.com')).toBe(weakness);
});

test('a one-time password is good enough, and another each time', () => {
  const made = Array.from({ length: 200 }, oneTimePassword);
  expect(new Set(made).size).toBe(200);
  for (const one of made) expect(weaknessOf(one, 'ada@example.com')).toBeUndefined();
});
