import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { Check, Copy, KeyRound } from 'lucide-react';

interface ShownOnceProps {
  /** what it is: `API token` */
  readonly label: string;
  readonly secret: string;
  /** what to do with it */
  readonly children?: string;
}

/** A secret that nobody can read again: to be copied now. */
export function ShownOnce({ label, secret, children }: ShownOnceProps) {
  return (
    <Alert
      variant="light"
      color="signal"
      icon={<KeyRound aria-hidden />}
      title="Copy it now: it is not shown again"
    >
      <Stack gap="xs">
        {children !== undefined && <Text size="sm">{children}</Text>}
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            aria-label={label}
            value={secret}
            readOnly
            // Without a secure origin there is no clipboard to write to: it is selected for a copy by hand.
            onFocus={(event) => event.currentTarget.select()}
            styles={{
              root: { flex: 1, minWidth: 0 },
              input: { fontFamily: 'var(--mantine-font-family-monospace)' },
            }}
          />
          <CopyText text={secret} size="sm" />
        </Group>
      </Stack>
    </Alert>
  );
}

interface CopyTextProps {
  readonly text: string;
  readonly size?: 'xs' | 'sm';
  readonly children?: string;
}

/** Puts a text on the clipboard, and says so. */
export function CopyText({ text, size = 'xs', children = 'Copy' }: CopyTextProps) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size={size}
          style={{ flexShrink: 0 }}
          leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          onClick={copy}
        >
          <span aria-live="polite">{copied ? 'Copied' : children}</span>
        </Button>
      )}
    </CopyButton>
  );
}
