import { Button, Select, Switch, Text } from '@mantine/core';
import type { RunDetail } from '@tocsin/http-api';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { plural } from '../../parts/amounts.js';
import { isActive } from '../../parts/run-mark.js';
import classes from './log.module.css';
import { logText } from './log-lines.js';
import { OutputLog } from './output-log.js';
import { type OutputState, useRunOutput } from './use-run-output.js';

interface OutputTabProps {
  readonly run: RunDetail;
  /** only what this one said */
  readonly test: string | undefined;
  readonly onTest: (test: string | undefined) => void;
}

const STATE_WORDS: Record<OutputState, string> = {
  connecting: 'connecting…',
  following: 'live',
  reconnecting: 'reconnecting…',
  ended: 'ended',
};

export function OutputTab({ run, test, onTest }: OutputTabProps) {
  const { log, state } = useRunOutput(run.runId);
  const [isFollowing, setFollowing] = useState(true);
  const lines = useMemo(
    () => (test === undefined ? log.lines : log.lines.filter(({ testId }) => testId === test)),
    [log, test],
  );
  const names = useMemo(() => [...new Set(log.lines.flatMap(({ testId }) => testId ?? []))], [log]);
  const choices = names.map((id) => ({
    value: id,
    label: run.tests.find(({ testId }) => testId === id)?.name ?? `Test ${id.slice(0, 8)}`,
  }));

  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <Switch
          label="Follow"
          checked={isFollowing}
          onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
        />
        {choices.length > 1 && (
          <Select
            aria-label="Test"
            placeholder="All tests"
            size="xs"
            data={choices}
            value={test ?? null}
            onChange={(value) => onTest(value ?? undefined)}
            clearable
          />
        )}
        <Text size="sm" c="dimmed" ml="auto" component="span" aria-live="polite">
          {STATE_WORDS[state]}
        </Text>
        <Text size="sm" c="dimmed" component="span">
          {plural(lines.length, 'line')}
          {log.dropped > 0 && ', the last ones'}
        </Text>
        <Button
          variant="default"
          leftSection={<Download size={14} aria-hidden />}
          disabled={lines.length === 0}
          onClick={() => save(`run-${run.runId}.log`, logText(lines))}
        >
          Save
        </Button>
      </div>
      {lines.length === 0 ? (
        <div className={`${classes.scroll} ${classes.empty}`}>{nothingOf(run, state)}</div>
      ) : (
        <OutputLog lines={lines} isFollowing={isFollowing} onFollow={setFollowing} />
      )}
    </div>
  );
}

function nothingOf({ status, trigger, artifacts }: RunDetail, state: OutputState): string {
  if (trigger === 'reported')
    return 'This run was made elsewhere and reported here: its output stayed there.';
  if (status === 'queued') return 'It has not begun. What it says appears here.';
  if (isActive(status) || state === 'connecting') return 'Nothing has been said yet.';
  if (artifacts.some(({ kind }) => kind === 'console'))
    return 'The live output is not kept any more. What each test said is still there: Console, under Artifacts.';
  return 'There is no output: the run said nothing, or it is over for so long that it is not kept any more.';
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
