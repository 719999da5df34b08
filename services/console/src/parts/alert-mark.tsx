import type { AlertItem } from '@tocsin/http-api';
import { BellRing, CheckCheck, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import { Mark, type Tone } from './mark.js';

const SEVERITIES: Record<AlertItem['severity'], { tone: Tone; icon: LucideIcon }> = {
  error: { tone: 'bad', icon: BellRing },
  warning: { tone: 'warn', icon: TriangleAlert },
  info: { tone: 'info', icon: Info },
  success: { tone: 'good', icon: CircleCheck },
};

type AlertMarkProps = Pick<AlertItem, 'severity' | 'state' | 'acknowledgedAt'>;

/** How an alert stands: open in the colour of its severity, acknowledged, or resolved. */
export function AlertMark({ severity, state, acknowledgedAt }: AlertMarkProps) {
  if (state === 'resolved') return <Mark tone="good" icon={CircleCheck} word="Resolved" />;
  if (acknowledgedAt !== null) return <Mark tone="info" icon={CheckCheck} word="Acknowledged" />;
  return <Mark {...SEVERITIES[severity]} word="Open" />;
}
