import type { ConfigSchema } from '@tocsin/contracts';
import { createEgress, type Egress, type EgressOptions, egressPolicy } from '@tocsin/egress';
import type { JsonObject } from '@tocsin/kernel';
import type { Probe, ProbeResult } from './probe.js';

/** Everything the tests talk to is on this machine. */
export const loopbackEgress = (options?: EgressOptions): Egress =>
  createEgress(egressPolicy({ purpose: 'monitor', allow: ['127.0.0.0/8'], ownEndpoints: [] }), options);

/** Runs one attempt with settings as a user would give them. */
export const attempt =
  <Config>(probe: Probe<Config>, { schema }: ConfigSchema<Config>, egress: Egress = loopbackEgress()) =>
  (target: string, config: JsonObject = {}, timeoutMs = 5_000): Promise<ProbeResult> =>
    probe.run({
      target,
      config: schema.parse(config),
      timeoutMs,
      signal: new AbortController().signal,
      egress,
    });
