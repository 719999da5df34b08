import type { MonitorKind } from '@tocsin/monitoring';
import { dnsProbe } from './dns/dns.probe.js';
import { httpRequestProbe } from './http_request/http-request.probe.js';
import { pingProcess } from './ping_host/ping.process.js';
import { pingHostProbe } from './ping_host/ping-host.probe.js';
import { portCheckProbe } from './port_check/port-check.probe.js';
import type { Probe } from './probe.js';
import { type SyntheticTestDeps, syntheticTestProbe } from './synthetic_test/synthetic-test.probe.js';
import { websiteProbe } from './website/website.probe.js';

export type Probes = Readonly<Partial<Record<MonitorKind, Probe<unknown>>>>;

export interface ProbeDeps extends SyntheticTestDeps {
  /** milliseconds since the epoch */
  readonly now: () => number;
}

/** Heartbeats have no probe: they are received. */
export const createProbes = ({ now, ...tests }: ProbeDeps): Probes => ({
  http_request: httpRequestProbe,
  website: websiteProbe(now),
  ping_host: pingHostProbe(pingProcess),
  port_check: portCheckProbe,
  dns: dnsProbe,
  synthetic_test: syntheticTestProbe(tests),
});

export type { Probe, ProbeInput, ProbeResult } from './probe.js';
