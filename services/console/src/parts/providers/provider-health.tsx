import type { ProviderView } from '@tocsin/http-api';
import {
  CircleCheck,
  CircleDashed,
  CircleX,
  type LucideIcon,
  OctagonPause,
  PowerOff,
  TriangleAlert,
} from 'lucide-react';
import { Mark, type Tone } from '../mark.js';

interface HealthMark {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly word: string;
}

/** The worst of what is known about it. */
export function healthOf({ enabled, disabledReason, health }: ProviderView): HealthMark {
  if (!enabled) return { tone: 'calm', icon: PowerOff, word: 'Switched off' };
  if (disabledReason !== null) return { tone: 'bad', icon: CircleX, word: 'Disabled' };
  if (health.circuit === 'open') return { tone: 'bad', icon: OctagonPause, word: 'Resting' };
  if (health.failingSince !== null || health.circuit === 'half_open')
    return { tone: 'warn', icon: TriangleAlert, word: 'Failing' };
  if (health.lastSuccessAt === null) return { tone: 'calm', icon: CircleDashed, word: 'Nothing sent yet' };
  return { tone: 'good', icon: CircleCheck, word: 'Working' };
}

export const ProviderHealth = ({
  provider,
  bare,
}: {
  readonly provider: ProviderView;
  readonly bare?: boolean;
}) => (
  <Mark {...healthOf(provider)} bare={bare ?? false} title={provider.health.failingReason ?? undefined} />
);
