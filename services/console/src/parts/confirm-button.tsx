import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Problem } from './problem.js';

interface ConfirmButtonProps extends ButtonProps {
  readonly question: string;
  /** what will happen, and whether it can be undone */
  readonly consequence: ReactNode;
  /** the word on the button that does it; default: the button's own */
  readonly confirm?: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly children: string;
}

/** For what cannot be taken back: asks first, stays open with the reason when it is refused. */
export function ConfirmButton({
  question,
  consequence,
  confirm,
  onConfirm,
  children,
  ...button
}: ConfirmButtonProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function act(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {children}
      </Button>
      <Modal opened={isOpen} onClose={close} title={question} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Stack gap="md">
          <Text component="div">{consequence}</Text>
          <Problem error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button color="red.8" loading={isBusy} onClick={() => void act()}>
              {confirm ?? children}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
