import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { UserView } from '@tocsin/http-api';
import { Ban, CircleCheck, EllipsisVertical, KeyRound, ShieldOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Question, type UserQuestion } from './question.js';

interface UserMenuProps {
  readonly user: UserView;
  readonly isMe: boolean;
  readonly isLastAdministrator: boolean;
}

/** What an administrator may do with somebody. */
export function UserMenu({ user, isMe, isLastAdministrator }: UserMenuProps) {
  const { id, name, disabled, twoFactor, signsInWith } = user;
  const queries = useQueryClient();
  const [question, setQuestion] = useState<UserQuestion>();
  const params = { id };
  const setDisabled = (next: boolean) => call('updateUser', { params, body: { disabled: next } });
  const keep = isMe || isLastAdministrator;

  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More about ${name}`}>
            <EllipsisVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {signsInWith.includes('password') && !isMe && (
            <Menu.Item
              leftSection={<KeyRound size={16} />}
              onClick={() =>
                setQuestion({
                  title: `New password for ${name}?`,
                  consequence:
                    'The old one stops working and all sessions end. You get a one-time password to hand over.',
                  confirm: 'Make a password',
                  act: async () => (await call('resetUserPassword', { params })).password,
                })
              }
            >
              One-time password
            </Menu.Item>
          )}
          {twoFactor && (
            <Menu.Item
              leftSection={<ShieldOff size={16} />}
              onClick={() =>
                setQuestion({
                  title: `Switch two-factor off for ${name}?`,
                  consequence:
                    'For who has lost the authenticator app and the recovery codes. The password alone signs in then.',
                  confirm: 'Switch off',
                  act: () => call('resetUserTwoFactor', { params }),
                })
              }
            >
              Switch two-factor off
            </Menu.Item>
          )}
          {disabled ? (
            <Menu.Item
              leftSection={<CircleCheck size={16} />}
              onClick={() =>
                void setDisabled(false).finally(() => {
                  void queries.invalidateQueries({ queryKey: about('users') });
                })
              }
            >
              Let sign in again
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<Ban size={16} />}
              disabled={keep}
              onClick={() =>
                setQuestion({
                  title: `Disable ${name}?`,
                  consequence: 'All sessions end, and nobody signs in as this user until you allow it again.',
                  confirm: 'Disable',
                  act: () => setDisabled(true),
                })
              }
            >
              Disable
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Trash2 size={16} />}
            color="red"
            disabled={keep}
            onClick={() =>
              setQuestion({
                title: `Delete ${name}?`,
                consequence: 'This cannot be undone. What the user changed stays in the audit trail.',
                confirm: 'Delete',
                act: () => call('deleteUser', { params }),
              })
            }
          >
            Delete
          </Menu.Item>
          {keep && (
            <Menu.Label>
              {isMe ? 'Somebody else has to do that to you.' : 'The last administrator stays.'}
            </Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
      <Question question={question} onClose={() => setQuestion(undefined)} />
    </>
  );
}
