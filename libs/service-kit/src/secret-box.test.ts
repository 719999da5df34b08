import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  openSecret,
  parseConfig,
  rewrapSecret,
  Secret,
  sealSecret,
  secretKeyId,
  secretList,
} from './index.js';

const master = new Secret(randomBytes(32).toString('base64'));
const older = new Secret(randomBytes(32).toString('hex'));
const aad = 'provider:0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8:1';

test('what was sealed is opened again, and is not to be seen in what is stored', () => {
  const sealed = sealSecret(master, aad, '{"url":"https://canary"}');
  expect(openSecret([older, master], aad, sealed)).toBe('{"url":"https://canary"}');
  expect(sealed.ciphertext.includes('canary')).toBe(false);
  expect(sealed.keyId).toMatch(/^[0-9a-f]{8}$/);
});

test('the same text sealed twice looks different', () => {
  const [one, two] = [sealSecret(master, aad, 'x'), sealSecret(master, aad, 'x')];
  expect(one.ciphertext.equals(two.ciphertext)).toBe(false);
  expect(one.wrappedKey.equals(two.wrappedKey)).toBe(false);
});

test('a ciphertext moved to another record or version does not open', () => {
  const sealed = sealSecret(master, aad, 'x');
  for (const other of [
    aad.replace('c7d8', 'c7d9'),
    aad.replace(':1', ':2'),
    aad.replace('provider', 'monitor'),
  ])
    expect(() => openSecret([master], other, sealed)).toThrow('belongs to another record');
  const stranger = sealSecret(master, aad.replace(':1', ':2'), 'y');
  expect(() => openSecret([master], aad, { ...sealed, ciphertext: stranger.ciphertext })).toThrow(
    'belongs to another record',
  );
});

test.each(['wrappedKey', 'ciphertext'] as const)('a flipped bit in the %s is noticed', (part) => {
  const sealed = sealSecret(master, aad, 'x');
  for (let at = 0; at < sealed[part].length; at++) {
    const changed = Buffer.from(sealed[part]);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => openSecret([master], aad, { ...sealed, [part]: changed })).toThrow('was changed');
  }
});

test('a secret of a key that is gone says which key to put back', () => {
  const sealed = sealSecret(older, aad, 'x');
  expect(() => openSecret([master], aad, sealed)).toThrow(secretKeyId(older));
});

test('after a rotation the new key alone is enough', () => {
  const sealed = sealSecret(older, aad, 'x');
  const rotated = rewrapSecret(master, [master, older], aad, sealed);
  expect(openSecret([master], aad, rotated)).toBe('x');
  expect(rotated.ciphertext).toBe(sealed.ciphertext);
});

test('a passphrase of any form is a key as well', () => {
  const sealed = sealSecret(new Secret('correct horse battery staple'), aad, 'x');
  expect(openSecret([new Secret('correct horse battery staple')], aad, sealed)).toBe('x');
  expect(() => openSecret([new Secret('correct horse')], aad, sealed)).toThrow('is not given');
});

test('former keys are read from a list separated by commas', () => {
  const { KEYS } = parseConfig(z.object({ KEYS: secretList }), { KEYS: 'one, two' });
  expect(KEYS.map((key) => key.reveal())).toEqual(['one', 'two']);
});
