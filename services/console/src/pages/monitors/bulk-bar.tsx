import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sentenceOf } from '../../api/api-error.js';
import { about } from '../../api/queries.js';
import { plural } from '../../parts/amounts.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { type BulkAction, bulkSentence, changeMany, idsOf } from './bulk.js';
import classes from './monitors.module.css';

interface BulkBarProps {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly query: Parameters<typeof idsOf>[0];
  readonly hasMore: boolean;
}

/** What can be done with the selected monitors. */
export function BulkBar({ selected, onSelect, query, hasMore }: BulkBarProps) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (action: BulkAction) => changeMany(action, [...selected]),
    onSuccess: async (outcomes, action) => {
      const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
      notifications.show({
        message: bulkSentence(action, outcomes),
        color: failed.length === 0 ? 'green' : 'red',
      });
      onSelect(new Set(failed.map(({ id }) => id)));
      await queries.invalidateQueries({ queryKey: about('monitors') });
    },
  });
  const all = useMutation({
    mutationFn: () => idsOf(query),
    onSuccess: onSelect,
    onError: (error) => notifications.show({ message: sentenceOf(error), color: 'red' }),
  });
  const those = plural(selected.size, 'monitor');

  return (
    <Group component="section" className={classes.bulk} gap="xs" aria-label="Selected monitors">
      <Text size="sm" fw={500}>
        {plural(selected.size, 'monitor')} selected
      </Text>
      {hasMore && (
        <Button variant="subtle" loading={all.isPending} onClick={() => all.mutate()}>
          Select all that match
        </Button>
      )}
      <ConfirmButton
        question={`Pause ${those}?`}
        consequence="They are not checked until somebody resumes them, and their open alerts are closed."
        confirm="Pause"
        onConfirm={() => change.mutateAsync('pause')}
      >
        Pause
      </ConfirmButton>
      <ConfirmButton
        question={`Resume ${those}?`}
        consequence="Checking begins again at once."
        confirm="Resume"
        onConfirm={() => change.mutateAsync('resume')}
      >
        Resume
      </ConfirmButton>
      <ConfirmButton
        question={`Delete ${those}?`}
        consequence="They and their settings are gone for good; their alerts stay in the history. This cannot be undone."
        confirm="Delete"
        onConfirm={() => change.mutateAsync('delete')}
      >
        Delete
      </ConfirmButton>
      <Button variant="subtle" color="gray" onClick={() => onSelect(new Set())}>
        Clear
      </Button>
    </Group>
  );
}
