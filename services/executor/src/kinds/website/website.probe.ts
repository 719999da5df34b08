import type { WebsiteConfig } from '@tocsin/contracts';
import { EgressError } from '@tocsin/egress';
import { failureOf } from '../failure.js';
import { observedOf, requestOf } from '../http_request/exchange.js';
import { judgeResponse } from '../http_request/judge-response.js';
import type { Probe } from '../probe.js';
import { certificateInfo, datesProblem } from './judge-certificate.js';

/** An HTTP check that also judges the certificate of the host asked for. One that expires soon stays up. */
export function websiteProbe(now: () => number): Probe<WebsiteConfig> {
  return {
    kind: 'website',
    async run(input) {
      const { config } = input;
      const warnDays = config.sslDaysUntilExpirationWarning;
      const startedAt = performance.now();
      try {
        const response = await input.egress.request({
          ...requestOf(input),
          collectCertificate: config.enableSslCheck,
        });
        const facts = response.certificate;
        const problem = facts === undefined ? undefined : datesProblem(facts, now());
        return {
          ...(problem === undefined
            ? judgeResponse(config, response)
            : { outcome: 'down' as const, error: problem }),
          timings: response.timings,
          observed: observedOf(response),
          certificate: facts === undefined ? undefined : certificateInfo(facts, warnDays, now()),
        };
      } catch (error) {
        const facts = error instanceof EgressError && config.enableSslCheck ? error.certificate : undefined;
        if (facts === undefined) throw error;
        return {
          ...failureOf(error),
          timings: { totalMs: performance.now() - startedAt },
          observed: {},
          certificate: certificateInfo(facts, warnDays, now()),
        };
      }
    },
  };
}
