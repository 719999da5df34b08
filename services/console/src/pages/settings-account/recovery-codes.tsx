import { Alert, Button, Code, Group, SimpleGrid, Text } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { CopyText } from '../../parts/shown-once.js';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

/** For the day the phone is gone. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  return (
    <Alert
      variant="light"
      color="signal"
      icon={<KeyRound aria-hidden />}
      title="Two-factor sign-in is on. Keep these recovery codes: they are not shown again"
    >
      <Text size="sm" mb="xs">
        Each signs you in once instead of a code of the app, when you do not have it.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing={4} mb="sm">
        {codes.map((code) => (
          <Code key={code} fz="sm">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <CopyText text={codes.join('\n')}>Copy all</CopyText>
        <Button onClick={onDone}>I have them</Button>
      </Group>
    </Alert>
  );
}
