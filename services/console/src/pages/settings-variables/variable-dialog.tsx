import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type VariableView, variableInput } from '@tocsin/http-api';
import { useForm, useWatch } from 'react-hook-form';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { Problem } from '../../parts/problem.js';

interface Given {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly description: string;
}

interface VariableDialogProps {
  readonly edited: VariableView | 'new' | undefined;
  readonly onClose: () => void;
}

export function VariableDialog({ edited, onClose }: VariableDialogProps) {
  const variable = edited === 'new' ? undefined : edited;
  return (
    <Modal
      opened={edited !== undefined}
      onClose={onClose}
      title={variable === undefined ? 'New variable' : variable.name}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {edited !== undefined && <Form variable={variable} onClose={onClose} />}
    </Modal>
  );
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

/** What the schema says of a name, in one sentence. */
function nameProblem(name: string): true | string {
  const parsed = variableInput.shape.name.safeParse(name);
  return parsed.success || (parsed.error.issues[0]?.message ?? 'is not a name');
}

function Form({
  variable,
  onClose,
}: {
  readonly variable: VariableView | undefined;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const { register, handleSubmit, formState, control, setValue } = useForm<Given>({
    defaultValues: {
      name: variable?.name ?? '',
      value: variable?.value ?? '',
      secret: variable?.secret ?? false,
      description: variable?.description ?? '',
    },
  });
  const isSecret = useWatch({ control, name: 'secret' });
  const isKept = variable?.secret === true;
  const readAgain = () => queries.invalidateQueries({ queryKey: about('variables') });
  const saving = useMutation({
    mutationFn: ({ name, value, secret, description }: Given) => {
      if (variable === undefined)
        return call('createVariable', {
          body: { name, value, secret, ...(description === '' ? {} : { description }) },
        });
      const { id, revision } = variable;
      const body = {
        ...(value === '' ? {} : { value }),
        description: description === '' ? null : description,
      };
      return call('updateVariable', { params: { id }, body, revision });
    },
    onSuccess: async () => {
      await readAgain();
      onClose();
    },
  });

  return (
    <form noValidate onSubmit={(event) => void handleSubmit((given) => saving.mutate(given))(event)}>
      <Stack gap="md">
        {variable === undefined && (
          <TextInput
            label="Name"
            withAsterisk
            data-autofocus
            autoComplete="off"
            placeholder="SHOP_URL"
            styles={mono}
            error={formState.errors.name?.message}
            {...register('name', { validate: nameProblem })}
          />
        )}
        <Textarea
          label={isKept ? 'New value' : 'Value'}
          description={isKept ? 'Empty: the stored one stays' : undefined}
          withAsterisk={!isKept}
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
          styles={mono}
          error={formState.errors.value?.message}
          {...register('value', { validate: (value) => isKept || value !== '' || 'Give it a value' })}
        />
        {variable === undefined && (
          <Switch
            label="Secret"
            description={
              isSecret
                ? 'Nobody can read it here again, and it stays secret'
                : 'Everybody who signs in can read it'
            }
            checked={isSecret}
            onChange={(event) => setValue('secret', event.currentTarget.checked)}
          />
        )}
        <TextInput
          label="For"
          description="What it is, for people"
          autoComplete="off"
          {...register('description')}
        />
        <Problem error={saving.error} />
        <Group justify="space-between" gap="xs">
          {variable === undefined ? (
            <span />
          ) : (
            <ConfirmButton
              question={`Delete ${variable.name}?`}
              consequence="Tests that read it find nothing there any more. This cannot be undone."
              onConfirm={async () => {
                await call('deleteVariable', { params: { id: variable.id } });
                await readAgain();
                onClose();
              }}
            >
              Delete
            </ConfirmButton>
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {variable === undefined ? 'Create' : 'Save'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
