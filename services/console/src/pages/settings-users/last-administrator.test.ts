import type { UserView } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import { lastAdministrator } from './last-administrator.js';

const user = (id: string, role: UserView['role'], disabled = false) => ({ id, role, disabled }) as UserView;

describe('the last administrator', () => {
  it.each([
    ['alone', [user('a', 'admin'), user('b', 'editor')], 'a'],
    ['beside a disabled one', [user('a', 'admin'), user('b', 'admin', true)], 'a'],
    ['one of two', [user('a', 'admin'), user('b', 'admin')], undefined],
  ])('%s', (_, users, id) => {
    expect(lastAdministrator(users)).toBe(id);
  });
});
