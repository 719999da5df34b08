import { z } from 'zod';
import { flag, listOf, number, objectOf, text, textMap, texts } from '../tolerant.js';

// Read from TwiN/gatus: README.md, config/config.go, config/endpoint/*.go, client/config.go, alerting/alert/alert.go and
// alerting/provider/*/*.go.

export const alertSchema = z.looseObject({
  type: text,
  enabled: flag,
  'failure-threshold': number,
  'success-threshold': number,
  'send-on-resolved': flag,
  description: text,
});
export type GatusAlert = z.output<typeof alertSchema>;

const clientSchema = objectOf({ timeout: text, insecure: flag, 'ignore-redirect': flag });

export const endpointSchema = z.looseObject({
  enabled: flag,
  name: text,
  group: text,
  url: text,
  method: text,
  body: text,
  graphql: flag,
  headers: textMap,
  'extra-labels': textMap,
  interval: text,
  conditions: texts,
  alerts: listOf(alertSchema),
  dns: objectOf({ 'query-name': text, 'query-type': text }),
  client: clientSchema,
});
export type GatusEndpoint = z.output<typeof endpointSchema>;

export const externalSchema = z.looseObject({
  enabled: flag,
  name: text,
  group: text,
  alerts: listOf(alertSchema),
  heartbeat: objectOf({ interval: text }),
});
export type GatusExternal = z.output<typeof externalSchema>;

export const configSchema = z.looseObject({
  alerting: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  endpoints: listOf(endpointSchema),
  'external-endpoints': listOf(externalSchema),
});
