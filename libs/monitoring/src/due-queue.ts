/** Who is due next. Ties go by id, so that the same schedules come out in the same order everywhere. */
export interface DueQueue {
  readonly size: number;
  /** When the first one is due; undefined when the queue is empty. */
  readonly nextDueMs: number | undefined;
  /** Adds an id, or moves it to another time. */
  upsert(id: string, dueMs: number): void;
  /** Whether it was there. */
  remove(id: string): boolean;
  /** Takes out what is due at or before `nowMs`, in due order, and no more than `limit` of it. */
  popDue(nowMs: number, limit?: number): string[];
}

interface Entry {
  readonly id: string;
  dueMs: number;
  position: number;
}

const isBefore = (a: Entry, b: Entry): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.id < b.id);

/**
 * A binary heap whose entries know their place: moving or removing one costs a logarithm and allocates nothing, and
 * edits leave no dead entries behind.
 */
export function createDueQueue(): DueQueue {
  const heap: Entry[] = [];
  const entries = new Map<string, Entry>();

  function put(entry: Entry, position: number): void {
    heap[position] = entry;
    entry.position = position;
  }

  function siftUp(entry: Entry): void {
    let position = entry.position;
    while (position > 0) {
      const parent = heap[(position - 1) >> 1]!;
      if (!isBefore(entry, parent)) break;
      const above = parent.position;
      put(parent, position);
      position = above;
    }
    put(entry, position);
  }

  function siftDown(entry: Entry): void {
    let position = entry.position;
    for (;;) {
      const left = 2 * position + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = heap[right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left]!;
      if (!isBefore(child, entry)) break;
      const below = child.position;
      put(child, position);
      position = below;
    }
    put(entry, position);
  }

  function takeOut(entry: Entry): void {
    entries.delete(entry.id);
    const last = heap.pop()!;
    if (last === entry) return;
    put(last, entry.position);
    siftUp(last);
    siftDown(last);
  }

  return {
    get size() {
      return heap.length;
    },
    get nextDueMs() {
      return heap[0]?.dueMs;
    },
    upsert(id, dueMs) {
      // A NaN compares false with everything and would silently break the order of the others.
      if (Number.isNaN(dueMs)) throw new RangeError(`${id} has no time at which it is due`);
      const known = entries.get(id);
      if (known) {
        known.dueMs = dueMs;
        siftUp(known);
        siftDown(known);
        return;
      }
      const entry: Entry = { id, dueMs, position: heap.length };
      entries.set(id, entry);
      heap.push(entry);
      siftUp(entry);
    },
    remove(id) {
      const entry = entries.get(id);
      if (!entry) return false;
      takeOut(entry);
      return true;
    },
    popDue(nowMs, limit = Number.POSITIVE_INFINITY) {
      const due: string[] = [];
      for (let first = heap[0]; first && first.dueMs <= nowMs && due.length < limit; first = heap[0]) {
        takeOut(first);
        due.push(first.id);
      }
      return due;
    },
  };
}
