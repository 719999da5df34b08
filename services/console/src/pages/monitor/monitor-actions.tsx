import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorView } from '@tocsin/http-api';
import { Copy, Ellipsis, Pause, Pencil, Play, RotateCw } from 'lucide-react';
import { sentenceOf } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { ButtonLink } from '../../parts/links.js';
import { useMay } from '../../session/session.js';

const route = getRouteApi('/in/monitors/$id');
/** A check takes about this long from being asked for to being seen. */
const CHECK_MS = 1_500;
const failed = (error: unknown) => notifications.show({ message: sentenceOf(error), color: 'red' });

/** What an editor can do with a monitor. */
export function MonitorActions({ monitor }: { readonly monitor: MonitorView }) {
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const mayEdit = useMay('editor');
  const { id, name, enabled, type } = monitor;
  const params = { id };
  const refresh = () => queries.invalidateQueries({ queryKey: about('monitors') });

  const toggle = useMutation({
    mutationFn: () => call(enabled ? 'pauseMonitor' : 'resumeMonitor', { params }),
    onSuccess: (changed) => {
      queries.setQueryData(queryOf('getMonitor', { params }).queryKey, changed);
      return refresh();
    },
    onError: failed,
  });
  const run = useMutation({
    mutationFn: () => call('runMonitor', { params }),
    onSuccess: () => {
      notifications.show({ message: 'A check is on its way. Its result appears here.' });
      setTimeout(() => void refresh(), CHECK_MS);
    },
    onError: failed,
  });

  if (!mayEdit) return null;
  return (
    <>
      {type !== 'heartbeat' && enabled && (
        <Button
          variant="default"
          leftSection={<RotateCw size={14} aria-hidden />}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          Check now
        </Button>
      )}
      <Button
        variant="default"
        leftSection={enabled ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        loading={toggle.isPending}
        onClick={() => toggle.mutate()}
      >
        {enabled ? 'Pause' : 'Resume'}
      </Button>
      <ButtonLink
        to="/monitors/$id/edit"
        params={params}
        variant="default"
        leftSection={<Pencil size={14} aria-hidden />}
      >
        Edit
      </ButtonLink>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More">
            <Ellipsis size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Copy size={14} aria-hidden />}
            onClick={() => void navigate({ to: '/monitors/new', search: { copyOf: id } })}
          >
            Make a copy
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmButton
        question={`Delete ${name}?`}
        consequence="It is not checked any more, and its settings are gone for good. Its alerts stay in the history. This cannot be undone."
        onConfirm={async () => {
          await call('deleteMonitor', { params });
          await navigate({ to: '/monitors' });
          queries.removeQueries({ queryKey: queryOf('getMonitor', { params }).queryKey });
          void refresh();
        }}
      >
        Delete
      </ConfirmButton>
    </>
  );
}
