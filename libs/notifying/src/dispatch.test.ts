import { describe, expect, it } from 'vitest';
import { decideDispatch, decideRedrive, type Standing, SUPERSEDED_AFTER_MS } from './dispatch.js';

const EARLY = '2026-03-01T12:00:00.000Z';
const NOW = new Date(Date.parse(EARLY) + SUPERSEDED_AFTER_MS).toISOString();

const standing = (alertEvent: string, over: Partial<Standing> = {}): Standing => ({
  id: alertEvent,
  alertEvent,
  state: 'planned',
  reason: null,
  plannedAt: EARLY,
  attempts: 0,
  redriven: false,
  ...over,
});
const raise = (over: Partial<Standing> = {}) => standing('alert.raised', over);
const end = (over: Partial<Standing> = {}) => standing('alert.resolved', over);
const fresh = { plannedAt: NOW };
const tried = { attempts: 1 };

describe('N2: what is told when', () => {
  const bothMuted = { decision: 'mute', reason: 'superseded', ids: ['alert.raised', 'alert.resolved'] };
  const rows: [string, Standing, Standing[], object][] = [
    ['a raise alone is sent', raise(), [], { decision: 'send' }],
    ['a message about a provider stands alone', standing('provider.failing'), [], { decision: 'send' }],
    ['a stale raise whose end is planned is dropped with it', raise(), [end()], bothMuted],
    ['so is the pair when the end is looked at', end(), [raise()], bothMuted],
    ['a fresh raise is told though its end is planned', raise(fresh), [end(fresh)], { decision: 'send' }],
    ['its end waits', end(fresh), [raise(fresh)], { decision: 'wait', behind: 'alert.raised' }],
    ['a raise that was attempted is told', raise(tried), [end()], { decision: 'send' }],
    ['its end waits behind it', end(), [raise(tried)], { decision: 'wait', behind: 'alert.raised' }],
    ['a raise a person asked for is told', raise({ redriven: true }), [end()], { decision: 'send' }],
    [
      'no raise after its end was accepted',
      raise(tried),
      [end({ state: 'delivered' })],
      { decision: 'mute', reason: 'superseded', ids: ['alert.raised'] },
    ],
    ['an end follows a delivered raise', end(), [raise({ state: 'delivered' })], { decision: 'send' }],
    [
      'who was told at the end of a mute hears the end',
      end(),
      [raise({ state: 'muted' }), standing('alert.unmuted', { state: 'delivered' })],
      { decision: 'send' },
    ],
    [
      'K10 an end is not told when its raise failed for good',
      end(),
      [raise({ state: 'failed' })],
      { decision: 'mute', reason: 'did_not_hear', ids: ['alert.resolved'] },
    ],
    [
      'a recovery told alone needs no raise',
      end({ reason: 'recovery_alone' }),
      [raise({ state: 'muted' })],
      { decision: 'send' },
    ],
    ['nor does one a person asked for', end({ redriven: true }), [], { decision: 'send' }],
  ];
  it.each(rows)('%s', (_, own, others, expected) => {
    expect(decideDispatch(own, others, NOW)).toEqual(expected);
  });
});

describe('N9: what a person may have sent again', () => {
  const failed = { state: 'failed' } as const;
  const rows: [string, Standing, Standing[], object][] = [
    ['what failed', raise(failed), [], { decision: 'again', end: undefined }],
    [
      'not what was delivered',
      raise({ state: 'delivered' }),
      [],
      { decision: 'refused', reason: 'not_failed' },
    ],
    ['not what is planned', raise(), [], { decision: 'refused', reason: 'not_failed' }],
    [
      'a raise with the end that was kept back because of it',
      raise(failed),
      [end({ state: 'muted', reason: 'did_not_hear' })],
      { decision: 'again', end: 'alert.resolved' },
    ],
    [
      'a raise without an end nobody wanted',
      raise(failed),
      [end({ state: 'muted', reason: 'recovery_not_wanted' })],
      { decision: 'again', end: undefined },
    ],
    [
      'no raise whose end was heard',
      raise(failed),
      [end({ state: 'delivered' })],
      { decision: 'refused', reason: 'already_over' },
    ],
    [
      'an end that failed',
      end(failed),
      [raise({ state: 'delivered' })],
      { decision: 'again', end: undefined },
    ],
  ];
  it.each(rows)('%s', (_, asked, others, expected) => {
    expect(decideRedrive(asked, others)).toEqual(expected);
  });
});
