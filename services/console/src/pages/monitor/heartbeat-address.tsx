import { Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import classes from './monitor.module.css';
import { Panel } from './panel.js';

/** Where heartbeats are sent: whoever knows it can send one. */
export function HeartbeatAddress({ url, isNew }: { readonly url: string; readonly isNew: boolean }) {
  return (
    <Panel title="Heartbeat address" about="whoever knows it can send a heartbeat">
      <Group gap="xs">
        <Code className={classes.url}>{url}</Code>
        <Copied text={url} word="Copy address" />
        <Copied text={`curl -fsS -m 10 --retry 5 ${url}`} word="Copy as curl" />
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        {isNew ? 'Call it from your backup, cron job or worker, when it has done its work. ' : ''}
        Add /fail to report a failure at once.
      </Text>
    </Panel>
  );
}

const Copied = ({ text, word }: { readonly text: string; readonly word: string }) => (
  <CopyButton value={text}>
    {({ copied, copy }) => (
      <Button
        variant="default"
        leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        onClick={copy}
      >
        {copied ? 'Copied' : word}
      </Button>
    )}
  </CopyButton>
);
