import type { UserView } from '@tocsin/http-api';

/** The only one left who can administer, whom nobody may take that from; undefined when there are others. */
export function lastAdministrator(users: readonly UserView[]): string | undefined {
  const administrators = users.filter(({ role, disabled }) => role === 'admin' && !disabled);
  return administrators.length === 1 ? administrators[0]?.id : undefined;
}
