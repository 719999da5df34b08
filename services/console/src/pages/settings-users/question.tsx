import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { ShownOnce } from '../../parts/shown-once.js';

export interface UserQuestion {
  readonly title: string;
  readonly consequence: string;
  readonly confirm: string;
  /** a password that is to be shown once, or nothing */
  readonly act: () => Promise<unknown>;
}

interface QuestionProps {
  readonly question: UserQuestion | undefined;
  readonly onClose: () => void;
}

/** Asked from a menu, which is gone by then: a dialog of its own. */
export function Question({ question, onClose }: QuestionProps) {
  return (
    <Modal
      opened={question !== undefined}
      onClose={onClose}
      title={question?.title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {question !== undefined && <Asked question={question} onClose={onClose} />}
    </Modal>
  );
}

function Asked({ question, onClose }: { readonly question: UserQuestion; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const action = useMutation({
    mutationFn: question.act,
    onSuccess: async (answer) => {
      await queries.invalidateQueries({ queryKey: about('users') });
      if (typeof answer !== 'string') onClose();
    },
  });
  if (typeof action.data === 'string')
    return (
      <Stack gap="md">
        <ShownOnce label="One-time password" secret={action.data}>
          It is good until its owner signs in with it and chooses another.
        </ShownOnce>
        <Group justify="flex-end">
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="md">
      <Text>{question.consequence}</Text>
      <Problem error={action.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.8" loading={action.isPending} onClick={() => action.mutate()}>
          {question.confirm}
        </Button>
      </Group>
    </Stack>
  );
}
