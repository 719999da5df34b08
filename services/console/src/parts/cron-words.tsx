import { useEffect, useState } from 'react';

type ToWords = (cron: string) => string;

let loaded: ToWords | undefined;
let loading: Promise<ToWords> | undefined;

/** Its words are many: who never looks at a cron expression does not load them. */
function load(): Promise<ToWords> {
  loading ??= import('cronstrue').then(({ default: cronstrue }) => {
    loaded = (cron) => {
      try {
        return cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
      } catch {
        return cron;
      }
    };
    return loaded;
  });
  return loading;
}

/** `0 9 * * 1-5` → `At 09:00, Monday through Friday`; the expression itself until the words are there. */
export function useCronWords(cron: string | undefined): string {
  const [, setLoaded] = useState(loaded !== undefined);
  useEffect(() => {
    if (loaded !== undefined) return undefined;
    let isHere = true;
    void load().then(() => isHere && setLoaded(true));
    return () => {
      isHere = false;
    };
  }, []);
  return cron === undefined || cron.trim() === '' ? '' : (loaded?.(cron) ?? cron);
}

interface CronWordsProps {
  readonly cron: string | undefined;
  readonly timeZone: string;
}

/** When a job runs, in words; the expression on hover. */
export function CronWords({ cron, timeZone }: CronWordsProps) {
  const text = useCronWords(cron);
  if (cron === undefined) return <span>Not on a schedule</span>;
  return (
    <span title={`${cron} (${timeZone})`}>
      {text}
      {timeZone !== 'UTC' && ` (${timeZone})`}
    </span>
  );
}
