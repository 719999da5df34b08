import type { ResultView } from '@tocsin/http-api';
import { CircleCheck, CircleHelp, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import { Mark, type Tone } from '../mark.js';

const MARKS: Readonly<
  Record<ResultView['outcome'], { tone: Tone; icon: LucideIcon; word: string; title?: string }>
> = {
  up: { tone: 'good', icon: CircleCheck, word: 'Up' },
  degraded: { tone: 'warn', icon: TriangleAlert, word: 'Degraded' },
  down: { tone: 'bad', icon: CircleX, word: 'Down' },
  error: {
    tone: 'calm',
    icon: CircleHelp,
    word: 'Error',
    title: 'The check could not be made: it counts neither way',
  },
};

/** What one check found. */
export const OutcomeMark = ({
  outcome,
  bare,
}: {
  readonly outcome: ResultView['outcome'];
  readonly bare?: boolean;
}) => <Mark {...MARKS[outcome]} bare={bare ?? false} />;
