import { expect, test } from 'vitest';
import { at, uuid } from '../views.fixture.js';
import { whyOf } from './why.js';

type Alert = Parameters<typeof whyOf>[0];

const seen = (location: string, message?: string) => ({
  eventId: uuid(1),
  slot: at(0),
  finishedAt: at(0),
  location,
  outcome: 'down',
  latencyMs: 3,
  ...(message === undefined ? {} : { error: { code: 'timeout', message } }),
});
const alert = (more: Partial<Alert>): Alert => ({
  type: 'failure',
  targetKind: 'monitor',
  reason: 'threshold_reached',
  evidence: [seen('local', 'no answer in time.')],
  ...more,
});

test.each<[Partial<Alert>, string]>([
  [{}, 'A check failed: no answer in time.'],
  [{ evidence: [seen('local', 'refused'), seen('local', 'reset')] }, '2 checks failed: reset.'],
  [{ evidence: [seen('local', 'refused'), seen('oslo')] }, '2 checks failed at 2 locations: refused.'],
  [{ evidence: [] }, 'A check failed.'],
  [{ targetKind: 'job' }, 'A run failed: no answer in time.'],
  [
    { evidence: [seen('local', 'the button is gone\n\nCall log:\n - waiting')] },
    'A check failed: the button is gone.',
  ],
  [{ targetKind: 'job', type: 'timeout', evidence: [seen('local')] }, 'A run took too long.'],
  [{ targetKind: 'job', type: 'success', evidence: [seen('local')] }, 'A run succeeded.'],
  [
    { type: 'ssl_expiring', evidence: [seen('local', 'expires in 12 days')] },
    'The certificate expires soon: expires in 12 days.',
  ],
  [{ type: 'unobservable', evidence: [seen('local'), seen('local')] }, '2 checks could not be made.'],
])('%j', (more, sentence) => {
  expect(whyOf(alert(more))).toBe(sentence);
});
