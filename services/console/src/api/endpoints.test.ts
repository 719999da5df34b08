import { routes } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import { BASE } from './endpoint.js';
import { endpoints } from './endpoints.js';

/** What no page asks by itself: for other programs, for links and streams, or the same under another name. */
const NOT_OURS = [
  'runJobNamed',
  'triggerJob',
  'reportRun',
  'replaceVariable',
  'streamRunOutput',
  'streamEvents',
  'exportAudit',
  'getArtifact',
  'startOidc',
  'finishOidc',
  'getHeartbeat',
  'postHeartbeat',
  'getHeartbeatFailure',
  'postHeartbeatFailure',
  'livez',
  'readyz',
  'metrics',
];

describe('the endpoints', () => {
  it.each(Object.entries(endpoints))('%s is the route of that name', (name, { method, path }) => {
    expect(routes.find((route) => route.name === name)).toMatchObject({ method, path: BASE + path });
  });

  it('leave out nothing that pages need', () => {
    const names = routes.map(({ name }) => name).filter((name) => !NOT_OURS.includes(name));
    expect(names.filter((name) => !Object.hasOwn(endpoints, name))).toEqual([]);
  });
});
