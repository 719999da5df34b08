import type { Status } from '@tocsin/monitoring';
import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleX,
  type LucideIcon,
  TriangleAlert,
  Wrench,
} from 'lucide-react';
import { Mark, type Tone } from './mark.js';

export const STATUS_MARKS: Record<Status, { tone: Tone; icon: LucideIcon; word: string }> = {
  up: { tone: 'good', icon: CircleCheck, word: 'Up' },
  down: { tone: 'bad', icon: CircleX, word: 'Down' },
  degraded: { tone: 'warn', icon: TriangleAlert, word: 'Degraded' },
  paused: { tone: 'calm', icon: CirclePause, word: 'Paused' },
  maintenance: { tone: 'info', icon: Wrench, word: 'Maintenance' },
  pending: { tone: 'calm', icon: CircleDashed, word: 'Pending' },
  unknown: { tone: 'warn', icon: CircleHelp, word: 'Unknown' },
};

/** What a monitor or job is now. */
export function StatusBadge({ status, bare }: { readonly status: Status; readonly bare?: boolean }) {
  return <Mark {...STATUS_MARKS[status]} bare={bare ?? false} />;
}
