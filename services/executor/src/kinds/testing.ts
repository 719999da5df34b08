import type { ConfigSchema } from '@tocsin/contracts';
import { createEgress, type Egress, type EgressOptions, egressPolicy } from '@tocsin/egress';
import type { JsonObject } from '@tocsin/kernel';
import { createLogger } from '@tocsin/service-kit';
import { createApiRunner } from '../tests/api/api.runner.js';
import { createBrowserRunner } from '../tests/browser/browser.runner.js';
import { createProbes, type Probes } from './index.js';
import type { Probe, ProbeResult } from './probe.js';

/** Everything the tests talk to is on this machine. */
export const loopbackEgress = (options?: EgressOptions): Egress =>
  createEgress(egressPolicy({ purpose: 'monitor', allow: ['127.0.0.0/8'], ownEndpoints: [] }), options);

/** Runs one attempt with settings as a user would give them. */
export const attempt =
  <Config>(probe: Probe<Config>, { schema }: ConfigSchema<Config>, egress: Egress = loopbackEgress()) =>
  (target: string, config: JsonObject = {}, timeoutMs = 5_000): Promise<ProbeResult> =>
    probe.run({
      project: 'default',
      target,
      config: schema.parse(config),
      timeoutMs,
      signal: new AbortController().signal,
      egress,
    });

/** Of a project without tests. */
export function allProbes(): Probes {
  const egress = loopbackEgress();
  const logger = createLogger({ name: 'test', level: 'silent' });
  return createProbes({
    now: Date.now,
    materials: { of: () => Promise.resolve('missing') },
    runners: {
      api: createApiRunner({ egress, onBug: () => undefined }),
      browser: createBrowserRunner({ mode: 'off' }, { logger }),
    },
  });
}
