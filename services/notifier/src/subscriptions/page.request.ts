import type { EventLog } from '@tocsin/event-log';
import { addMs, msBetween } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { createInbox } from './inbox.js';
import { itemOf } from './item.js';
import { type Line, subjectsOf, wants } from './line.js';
import type { Place, SubscribedStream } from './subscription.js';

/** Events of one subscription read at once. */
const PAGE = 32;
/** More than the longest time an event that was acknowledged may sit unsynced. */
const UNSYNCED_MS = 5 * 60_000;
/** One client rounds what the other cuts. */
const SAME_MS = 2;

export interface PageDeps {
  readonly log: EventLog;
  readonly logger: Logger;
}

/** Reads what a subscription has not been sent. @throws when the log does not answer */
export async function fetchPage(line: Line, stream: SubscribedStream, deps: PageDeps): Promise<void> {
  if (!line.checked.has(stream)) await check(line, stream, deps);
  const inbox = line.inboxes[stream];
  const { place } = inbox;
  inbox.join();
  try {
    const { messages, remaining } = await deps.log.page({
      stream,
      subjects: subjectsOf(line.row.project, stream),
      from: fromOf(place),
      limit: PAGE,
    });
    const looked = messages.map((message) => {
      const item = itemOf(message);
      return {
        place: { sequence: message.sequence, at: message.storedAt },
        item: item !== undefined && wants(line, item.type) ? item : undefined,
      };
    });
    inbox.accept(looked, remaining);
  } catch (error) {
    inbox.giveUp();
    throw error;
  }
}

function fromOf({ sequence, at }: Place) {
  if (sequence > 0) return { sequence: sequence + 1 };
  return at === null ? { sequence: 1 } : { time: at };
}

/** A log that lost its end had it repeated under other sequences: what may have been lost is sent once more. */
async function check(line: Line, stream: SubscribedStream, { log, logger }: PageDeps): Promise<void> {
  const { sequence, at } = line.inboxes[stream].place;
  if (sequence > 0 && at !== null) {
    const [message, { firstSequence, lastSequence }] = await Promise.all([
      log.messageAt(stream, sequence),
      log.describe(stream),
    ]);
    const isThere = message !== undefined && Math.abs(msBetween(message.storedAt, at)) <= SAME_MS;
    const isOver = message === undefined && sequence < firstSequence && sequence <= lastSequence;
    if (!isThere && !isOver) {
      const again: Place = { sequence: 0, at: addMs(at, -UNSYNCED_MS) };
      logger.warn(
        { subscriptionId: line.row.id, stream, sequence, again: again.at },
        'the log is not the one this subscription was sent from: events may be sent again',
      );
      line.inboxes[stream] = createInbox(again, true);
      line.state = { ...line.state, places: { ...line.state.places, [stream]: again } };
    }
  }
  line.checked.add(stream);
}
