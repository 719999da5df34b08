import { type Instant, toMs } from '@tocsin/kernel';
import type { Attempt, Ended, Lane, Line } from './line.js';
import type { Item } from './subscription.js';

export type Board = ReturnType<typeof createBoard>;

/** Attempts at once, in each lane: one that waits for an answer costs a socket and little else. */
export const MOST_AT_ONCE: Readonly<Record<Lane, number>> = { quick: 64, slow: 192 };
/** Pages read at once. */
export const MOST_PAGES = 8;

/** What this process remembers; attempts under way and what came of them outlive a lost connection, lines do not. */
export function createBoard() {
  const lines = new Map<string, Line>();
  const ofProject = new Map<string, Set<Line>>();
  const underWay = new Map<string, { readonly attempt: Attempt; readonly lane: Lane }>();
  const results: Ended[] = [];
  /** to be looked at, in order */
  const ready = new Set<string>();
  const again = new Map<string, Instant>();
  const changed = new Set<string>();
  let isAllChanged = false;
  let pages = 0;
  let isRoused = false;
  let wake: (() => void) | undefined;
  const rouse = () => {
    isRoused = true;
    wake?.();
  };

  function remove(id: string): void {
    const line = lines.get(id);
    if (line === undefined) return;
    lines.delete(id);
    ready.delete(id);
    again.delete(id);
    const others = ofProject.get(line.row.project);
    others?.delete(line);
    if (others?.size === 0) ofProject.delete(line.row.project);
  }

  return {
    lines,
    underWay,
    results,
    ready,
    again,
    changed,
    rouse,
    put(line: Line) {
      remove(line.row.id);
      lines.set(line.row.id, line);
      const others = ofProject.get(line.row.project) ?? new Set();
      ofProject.set(line.row.project, others.add(line));
      ready.add(line.row.id);
      rouse();
    },
    remove,
    clear() {
      for (const id of lines.keys()) remove(id);
    },
    isWanted: (project: string) => ofProject.has(project),
    /** an event of the end of the log */
    push: (item: Item) => {
      for (const line of ofProject.get(item.project) ?? []) {
        if (!line.row.event_types.includes(item.type)) continue;
        line.inboxes[item.stream].push(item);
        ready.add(line.row.id);
      }
      rouse();
    },
    markChanged: (ids: readonly string[] | 'all') => {
      if (ids === 'all') isAllChanged = true;
      else for (const id of ids) changed.add(id);
      rouse();
    },
    takeAllChanged(): boolean {
      const was = isAllChanged;
      isAllChanged = false;
      return was;
    },
    /** @param more that were taken since */
    hasRoom: (lane: Lane, more: number) =>
      [...underWay.values()].filter((one) => one.lane === lane).length + more < MOST_AT_ONCE[lane],
    get hasRoomForPage() {
      return pages < MOST_PAGES;
    },
    /** @param work never throws */
    page(line: Line, work: () => Promise<void>) {
      pages += 1;
      line.isFetching = true;
      void work().finally(() => {
        pages -= 1;
        line.isFetching = false;
        // Another line may have taken its place meanwhile.
        if (lines.get(line.row.id) === line && !again.has(line.row.id)) ready.add(line.row.id);
        rouse();
      });
    },
    /** until something happens or somebody's time has come */
    async idle(mostMs: number, now: Instant, signal: AbortSignal) {
      let waitMs = mostMs;
      for (const at of again.values()) waitMs = Math.min(waitMs, toMs(at) - toMs(now));
      if (!isRoused && waitMs > 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolve();
          };
          const timer = setTimeout(done, waitMs);
          wake = done;
          signal.addEventListener('abort', done, { once: true });
        });
      wake = undefined;
      isRoused = false;
    },
  };
}
