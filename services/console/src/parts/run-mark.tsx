import type { RunState, RunTrigger, TestStatus } from '@tocsin/monitoring';
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CirclePlay,
  CircleX,
  Hourglass,
  type LucideIcon,
  Unplug,
} from 'lucide-react';
import { Mark, type Tone } from './mark.js';

type State = RunState | TestStatus;

export const RUN_MARKS: Record<State, { tone: Tone; icon: LucideIcon; word: string; title: string }> = {
  queued: { tone: 'calm', icon: CircleDashed, word: 'Queued', title: 'waits for its turn' },
  running: { tone: 'info', icon: CirclePlay, word: 'Running', title: 'its tests are being run' },
  passed: { tone: 'good', icon: CircleCheck, word: 'Passed', title: 'every test passed' },
  failed: { tone: 'bad', icon: CircleX, word: 'Failed', title: 'a test found what it should not' },
  timeout: { tone: 'bad', icon: Hourglass, word: 'Timeout', title: 'it took too long' },
  error: {
    tone: 'warn',
    icon: Unplug,
    word: 'Error',
    title: 'it could not be made: this says nothing about what is tested',
  },
  cancelled: { tone: 'calm', icon: Ban, word: 'Cancelled', title: 'somebody stopped it' },
  skipped: { tone: 'calm', icon: CircleMinus, word: 'Skipped', title: 'the run ended before its turn' },
};

/** What a run, or a test of it, is now. */
export function RunMark({ status, bare }: { readonly status: State; readonly bare?: boolean }) {
  return <Mark {...RUN_MARKS[status]} bare={bare ?? false} />;
}

export const TRIGGER_WORDS: Record<RunTrigger, string> = {
  schedule: 'Schedule',
  catch_up: 'Caught up',
  manual: 'By hand',
  remote: 'Trigger key',
  reported: 'Reported',
};

export const isActive = (status: State): boolean => status === 'queued' || status === 'running';
