import { NativeSelect, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ROLES, type Role, type UserView } from '@tocsin/http-api';
import { sentenceOf } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { readSessionAgain } from '../../session/session.js';

interface RoleSelectProps {
  readonly user: UserView;
  readonly isMe: boolean;
  readonly isLastAdministrator: boolean;
}

export function RoleSelect({ user: { id, name, role }, isMe, isLastAdministrator }: RoleSelectProps) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (next: Role) => call('updateUser', { params: { id }, body: { role: next } }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: about('users') }),
        // Who changes their own role has another session now.
        isMe && readSessionAgain(queries),
      ]),
    onError: (error) => notifications.show({ color: 'red', message: sentenceOf(error) }),
  });
  return (
    <Tooltip
      label="The last administrator stays one: make somebody else one first"
      disabled={!isLastAdministrator}
    >
      <NativeSelect
        aria-label={`Role of ${name}`}
        size="xs"
        data={[...ROLES]}
        value={change.isPending ? change.variables : role}
        disabled={isLastAdministrator || change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.value as Role)}
      />
    </Tooltip>
  );
}
