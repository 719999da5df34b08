import type { SubscriptionView } from '@tocsin/http-api';
import { CircleCheck, CircleOff, RotateCw, TriangleAlert } from 'lucide-react';
import { Mark } from '../../parts/mark.js';

type Standing = Pick<SubscriptionView, 'state' | 'delivery'>;

export function SubscriptionMark({ state, delivery }: Standing) {
  if (state === 'delivering') return <Mark tone="good" icon={CircleCheck} word="delivering" />;
  if (state === 'retrying') return <Mark tone="warn" icon={RotateCw} word="retrying" />;
  return delivery.disabledReason === 'by_a_person' ? (
    <Mark tone="calm" icon={CircleOff} word="off" />
  ) : (
    <Mark tone="bad" icon={TriangleAlert} word="gave up" />
  );
}
