import type { HttpRequestConfig } from '@tocsin/contracts';
import type { Probe } from '../probe.js';
import { observedOf, requestOf } from './exchange.js';
import { judgeResponse } from './judge-response.js';

export const httpRequestProbe: Probe<HttpRequestConfig> = {
  kind: 'http_request',
  async run(input) {
    const response = await input.egress.request(requestOf(input));
    return {
      ...judgeResponse(input.config, response),
      timings: response.timings,
      observed: observedOf(response),
    };
  },
};
