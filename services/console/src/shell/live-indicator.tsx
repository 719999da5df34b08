import { Tooltip } from '@mantine/core';
import { LoaderCircle, Radio, Unplug } from 'lucide-react';
import type { LiveState } from '../live/connection.js';
import { useLiveState } from '../live/live.js';
import { Mark } from '../parts/mark.js';

const MARKS = {
  connecting: { tone: 'calm', icon: LoaderCircle, word: 'connecting…' },
  live: { tone: 'good', icon: Radio, word: 'live' },
  reconnecting: { tone: 'warn', icon: Unplug, word: 'reconnecting…' },
} as const;

const ABOUT: Record<LiveState, string> = {
  connecting: 'Opening the live connection',
  live: 'What you see changes as it happens',
  reconnecting: 'The live connection was lost. What you see may be old; it catches up by itself.',
};

/** Whether what is on the screen is how things are now. */
export function LiveIndicator() {
  const state = useLiveState();
  return (
    <Tooltip label={ABOUT[state]}>
      <output style={{ display: 'flex' }}>
        <Mark {...MARKS[state]} bare={state !== 'reconnecting'} />
      </output>
    </Tooltip>
  );
}
