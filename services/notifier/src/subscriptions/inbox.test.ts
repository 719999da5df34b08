import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInbox, MOST_HELD } from './inbox.js';
import type { Item } from './subscription.js';

const AT = '2026-03-01T12:00:00.000Z';
const PAGE = 3;
const item = (sequence: number): Item => ({
  stream: 'ALERTS',
  sequence,
  at: AT,
  project: 'default',
  type: 'AlertRaised',
  id: `e${sequence}`,
  time: AT,
  text: () => '',
});

/** A log, the one reader of its end that may lag behind it, and a subscription that is sent from both. */
function world(isWanted: (sequence: number) => boolean) {
  const inbox = createInbox({ sequence: 0, at: null }, true);
  const sent: number[] = [];
  let last = 0;
  let tailed = 0;
  let asked: number[] | undefined;
  const steps = {
    append: () => {
      last += 1;
    },
    tail: () => {
      if (tailed >= last) return;
      tailed += 1;
      if (isWanted(tailed)) inbox.push(item(tailed));
    },
    /** what the log holds at that moment */
    ask: () => {
      if (asked !== undefined || !inbox.needsPage) return;
      inbox.join();
      // Everything the reader has seen is in the log.
      const from = inbox.place.sequence;
      asked = Array.from({ length: last - from }, (_, index) => from + index + 1);
    },
    /** what was asked for arrives, whatever happened meanwhile */
    arrive: () => {
      if (asked === undefined) return;
      const page = asked.slice(0, PAGE).map((sequence) => ({
        place: { sequence, at: AT },
        item: isWanted(sequence) ? item(sequence) : undefined,
      }));
      inbox.accept(page, asked.length - page.length);
      asked = undefined;
    },
    lose: () => {
      if (asked === undefined) return;
      asked = undefined;
      inbox.giveUp();
    },
    send: () => {
      const { head } = inbox;
      if (asked !== undefined || head === undefined) return;
      sent.push(head.sequence);
      inbox.done(head);
    },
    drop: () => {
      if (asked === undefined) inbox.drop();
    },
  };
  return { inbox, sent, steps, last: () => last };
}

type Step = keyof ReturnType<typeof world>['steps'];
const STEPS: readonly Step[] = [
  'append',
  'append',
  'tail',
  'tail',
  'ask',
  'arrive',
  'lose',
  'send',
  'send',
  'drop',
];

describe('what waits for a subscription', () => {
  it('is all that is wanted, once and in order, whatever comes between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...STEPS), { maxLength: 200 }),
        fc.integer({ min: 1, max: 3 }),
        (taken, nth) => {
          const isWanted = (sequence: number) => sequence % nth === 0;
          const { inbox, sent, steps, last } = world(isWanted);
          for (const step of taken) steps[step]();
          // Left alone it comes to the end.
          for (let round = 0; round < 3 * last() + 3; round += 1)
            for (const step of ['tail', 'ask', 'arrive', 'send'] as const) steps[step]();
          expect(sent).toEqual(Array.from({ length: last() }, (_, index) => index + 1).filter(isWanted));
          expect([inbox.head, inbox.needsPage]).toEqual([undefined, false]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is bounded: the rest is read again from the log', () => {
    const { inbox, sent, steps } = world(() => true);
    steps.ask();
    steps.arrive();
    for (let n = 1; n <= 2 * MOST_HELD; n += 1) {
      steps.append();
      steps.tail();
    }
    while (inbox.head !== undefined) steps.send();
    expect([sent.length, inbox.needsPage]).toEqual([MOST_HELD, true]);
    for (let round = 0; round < 2 * MOST_HELD; round += 1)
      for (const step of ['ask', 'arrive', 'send'] as const) steps[step]();
    expect(sent).toEqual(Array.from({ length: 2 * MOST_HELD }, (_, index) => index + 1));
  });

  it('is nothing of before its beginning, however late that is seen', () => {
    const inbox = createInbox({ sequence: 0, at: '2026-03-01T12:00:00.001Z' }, true);
    inbox.join();
    inbox.accept([], 0);
    inbox.push(item(7));
    inbox.push({ ...item(8), at: '2026-03-01T12:00:00.001Z' });
    expect(inbox.head?.sequence).toBe(8);
  });

  it('is nothing of a stream that is not wanted', () => {
    const inbox = createInbox({ sequence: 0, at: null }, false);
    inbox.push(item(1));
    inbox.drop();
    expect([inbox.head, inbox.needsPage]).toEqual([undefined, false]);
  });
});
