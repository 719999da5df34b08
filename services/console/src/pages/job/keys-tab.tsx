import { Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { JobKeyView, JobView } from '@tocsin/http-api';
import { KeyRound, Plus } from 'lucide-react';
import { call } from '../../api/call.js';
import { about, pagesOf } from '../../api/queries.js';
import { durationText } from '../../parts/amounts.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import classes from '../../parts/rows.module.css';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { NewKey } from './new-key.js';

/** Keys with which other systems start this job, and can do nothing else. */
export function KeysTab({ job }: { readonly job: JobView }) {
  const mayEdit = useMay('editor');
  const [isOpen, { open, close }] = useDisclosure(false);
  const pages = useInfiniteQuery(pagesOf('listJobKeys', { params: { id: job.id } }));
  const keys = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const add = mayEdit && (
    <Button leftSection={<Plus size={14} aria-hidden />} onClick={open}>
      New trigger key
    </Button>
  );
  return (
    <>
      {pages.isPending && <Waiting rows={3} />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && keys.length === 0 && (
        <Empty icon={KeyRound} title="No trigger key" action={add}>
          With a trigger key another system starts this job, a deployment for example, and can do nothing
          else.
        </Empty>
      )}
      {keys.length > 0 && (
        <>
          <Group justify="space-between" mb="sm">
            <Text c="dimmed">A key starts this job and can do nothing else.</Text>
            {add}
          </Group>
          <Table className={classes.table} aria-label="Trigger keys">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th w={140}>Last used</Table.Th>
                <Table.Th w={140}>Created</Table.Th>
                <Table.Th w={140}>Expires</Table.Th>
                {mayEdit && (
                  <Table.Th w={110}>
                    <span className="visually-hidden">Actions</span>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <KeyRow key={key.id} jobKey={key} mayEdit={mayEdit} />
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
      <MoreButton pages={pages} />
      <NewKey jobId={job.id} isOpen={isOpen} onClose={close} />
    </>
  );
}

function KeyRow({ jobKey, mayEdit }: { readonly jobKey: JobKeyView; readonly mayEdit: boolean }) {
  const queries = useQueryClient();
  const { id, jobId, name, lastUsedAt, createdAt, expiresAt, limit, perSeconds } = jobKey;
  return (
    <Table.Tr>
      <Table.Td className={classes.main}>
        <span className={classes.name}>{name}</span>
        <span className={classes.under}>
          at most {limit} in {durationText(perSeconds * 1_000)}
        </span>
      </Table.Td>
      <Table.Td data-label="last used">
        <Instant at={lastUsedAt} />
      </Table.Td>
      <Table.Td data-label="created">
        <Instant at={createdAt} />
      </Table.Td>
      <Table.Td data-label="expires">
        <Instant at={expiresAt} />
      </Table.Td>
      {mayEdit && (
        <Table.Td className={classes.actions}>
          <ConfirmButton
            question={`Revoke ${name}?`}
            consequence="Whoever uses it can start this job no more, from now on. This cannot be undone."
            confirm="Revoke the key"
            onConfirm={async () => {
              await call('revokeJobKey', { params: { id: jobId, keyId: id } });
              await queries.invalidateQueries({ queryKey: about('jobs') });
            }}
          >
            Revoke
          </ConfirmButton>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
