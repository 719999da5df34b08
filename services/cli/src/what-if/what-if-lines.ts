import type { WhatIfAnswer, WhatIfTarget } from '@tocsin/http-api';
import type { Column } from '../output/table.js';

const MOST_ROWS = 40;

export const COLUMNS: readonly Column<WhatIfTarget>[] = [
  { title: 'TARGET', of: (t) => t.targetName },
  { title: 'ALERTS', of: (t) => `${t.before.alerts} → ${t.after.alerts}` },
  { title: 'ADDED', of: (t) => t.added },
  { title: 'REMOVED', of: (t) => t.removed },
  { title: 'CHANGED', of: (t) => t.changed },
  { title: 'CALLS', of: (t) => `${t.before.pages} → ${t.after.pages}` },
  { title: 'AT NIGHT', of: (t) => `${t.before.pagesAtNight} → ${t.after.pagesAtNight}` },
  { title: 'DELAY', of: (t) => `${delay(t.before)} → ${delay(t.after)}` },
  { title: 'EXACT', of: (t) => (t.exactFrom === null ? 'yes' : `from ${t.exactFrom}`) },
];

export const differing = ({ targets }: WhatIfAnswer): readonly WhatIfTarget[] =>
  targets.filter(({ added, removed, changed }) => added + removed + changed > 0).slice(0, MOST_ROWS);

/** What stands before the table and what after it. */
export function summaryLines(answer: WhatIfAnswer): { readonly before: string; readonly after: string } {
  const { totals, targets } = answer;
  const { before, after } = totals;
  const hidden = targets.filter((t) => t.added + t.removed + t.changed > 0).length - differing(answer).length;
  return {
    before: [
      `${answer.targetCount} ${answer.targetCount === 1 ? 'target' : 'targets'} from ${answer.from} to ${answer.to}: ${answer.results} results, ${answer.resultsRead} of them read one by one, in ${(answer.tookMs / 1000).toFixed(1)} s`,
      '',
      `alerts           ${before.alerts} → ${after.alerts}  (${totals.added} added, ${totals.removed} removed, ${totals.changed} changed, ${totals.same} the same)`,
      `calls            ${before.pages} → ${after.pages}`,
      `calls per night  ${before.pagesPerNight.toFixed(2)} → ${after.pagesPerNight.toFixed(2)}  (22 to 7, ${answer.timeZone})`,
      `detection delay  ${delay(before)} → ${delay(after)}  (mean, from the first failing check to the alert)`,
      '',
    ].join('\n'),
    after: [...(hidden > 0 ? [`and ${hidden} more: --json has them all`] : []), ...answer.notes].join('\n'),
  };
}

function delay({ detectionDelayMs }: WhatIfTarget['before']): string {
  if (detectionDelayMs === null) return '-';
  const seconds = detectionDelayMs.mean / 1000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
