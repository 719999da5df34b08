import { addressOf } from '../api/address.js';
import { batched, nextFrame } from './batch.js';
import { type LiveEvent, liveEventOf, TOPICS } from './live-event.js';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

export interface LiveConnection {
  readonly state: () => LiveState;
  /** the listener hears of each change of state */
  readonly onState: (listener: () => void) => () => void;
  readonly onEvents: (listener: EventsListener) => () => void;
  /** @returns what closes it again */
  readonly open: () => () => void;
}

type EventsListener = (events: readonly LiveEvent[]) => void;

interface LiveOptions {
  readonly onEvents: EventsListener;
  /** events may be missing: what is shown is to be read again */
  readonly onGap: () => void;
}

const MOST_MS = 30_000;
/** A tab that slept for longer may have a connection that only seems to be one. */
const SLEPT_MS = 60_000;

/**
 * The one live stream of this tab. The browser resumes it by itself with the id of the last event; where it cannot,
 * because it was refused or the machine slept, a new one is opened, and there may be a gap.
 */
export function createLive({ onEvents, onGap }: LiveOptions): LiveConnection {
  const states = new Set<() => void>();
  const listeners = new Set<EventsListener>([onEvents]);
  let state: LiveState = 'connecting';
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let hiddenAt: number | undefined;
  const push = batched<LiveEvent>((events) => {
    for (const listener of listeners) listener(events);
  }, nextFrame());

  function become(next: LiveState): void {
    if (state === next) return;
    state = next;
    for (const listener of states) listener();
  }

  function connect(isFirst: boolean): void {
    clearTimeout(retry);
    source?.close();
    const opened = new EventSource(addressOf('/events'));
    source = opened;
    let isGap = !isFirst;
    opened.addEventListener('open', () => {
      failures = 0;
      become('live');
      if (isGap) onGap();
      isGap = false;
    });
    opened.addEventListener('error', () => {
      become('reconnecting');
      if (opened.readyState !== EventSource.CLOSED || source !== opened) return;
      failures += 1;
      retry = setTimeout(() => connect(false), Math.min(MOST_MS, 1_000 * 2 ** failures));
    });
    for (const topic of TOPICS)
      opened.addEventListener(topic, ({ data }: MessageEvent<string>) => {
        const event = liveEventOf(topic, data);
        if (event !== undefined) push(event);
      });
  }

  const onVisibility = () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now();
    else if (hiddenAt !== undefined && Date.now() - hiddenAt > SLEPT_MS && state !== 'live') connect(false);
  };
  const onOnline = () => connect(false);
  const among = <L>(set: Set<L>, listener: L) => {
    set.add(listener);
    return () => void set.delete(listener);
  };
  return {
    state: () => state,
    onState: (listener) => among(states, listener),
    onEvents: (listener) => among(listeners, listener),
    open() {
      document.addEventListener('visibilitychange', onVisibility);
      window.addEventListener('online', onOnline);
      connect(true);
      return () => {
        clearTimeout(retry);
        document.removeEventListener('visibilitychange', onVisibility);
        window.removeEventListener('online', onOnline);
        source?.close();
      };
    },
  };
}
