import { useSyncExternalStore } from 'react';
import { clockTime, exactTime, relativeTime } from './time.js';

const readers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the page; a reader is drawn again only when its own words change. */
function onTick(reader: () => void): () => void {
  readers.add(reader);
  timer ??= setInterval(() => {
    for (const each of readers) each();
  }, 1_000);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

interface InstantProps {
  /** null: it has not happened */
  readonly at: string | null | undefined;
  /** what to say of null */
  readonly never?: string;
  /** the time of day instead of how long ago */
  readonly clock?: boolean;
}

/** When it was, in the reader's words; the very instant on hover. */
export function Instant({ at, never = 'never', clock = false }: InstantProps) {
  const text = useSyncExternalStore(onTick, () =>
    at === null || at === undefined ? never : clock ? clockTime(at) : relativeTime(at, Date.now()),
  );
  if (at === null || at === undefined) return <span>{text}</span>;
  return (
    <time dateTime={at} title={exactTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  );
}

/** How long ago it began, counting on. */
export function Since({ at, format }: { readonly at: string; readonly format: (ms: number) => string }) {
  const text = useSyncExternalStore(onTick, () =>
    format(Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 1_000) * 1_000)),
  );
  return (
    <time dateTime={at} title={exactTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  );
}
