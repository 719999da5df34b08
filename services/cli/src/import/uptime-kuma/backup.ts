import { z } from 'zod';
import { flag, listOf, number, text, texts } from '../tolerant.js';

// Read from louislam/uptime-kuma: server/model/monitor.js and src/components/settings/Backup.vue at 1.23.16,
// server/model/monitor.js at 2.5.3.

export const monitorSchema = z.looseObject({
  name: text,
  type: text,
  description: text,
  parent: number,
  id: number,
  active: flag,
  url: text,
  hostname: text,
  port: number,
  method: text,
  headers: text,
  body: text,
  httpBodyEncoding: text,
  authMethod: text,
  basic_auth_user: text,
  basic_auth_pass: text,
  bearer_token: text,
  interval: number,
  retryInterval: number,
  maxretries: number,
  timeout: number,
  keyword: text,
  invertKeyword: flag,
  jsonPath: text,
  jsonPathOperator: text,
  expectedValue: text,
  accepted_statuscodes: texts,
  maxredirects: number,
  ignoreTls: flag,
  upsideDown: flag,
  expiryNotification: flag,
  packetSize: number,
  ping_count: number,
  dns_resolve_type: text,
  dns_resolve_server: text,
  proxyId: number,
  notificationIDList: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  tags: listOf(z.looseObject({ name: text, value: text })),
});
export type KumaMonitor = z.output<typeof monitorSchema>;

export const notificationSchema = z.looseObject({
  id: number,
  name: text,
  active: flag,
  isDefault: flag,
  config: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
export type KumaNotification = z.output<typeof notificationSchema>;

export const backupSchema = z.looseObject({
  version: text,
  notificationList: listOf(notificationSchema),
  monitorList: listOf(monitorSchema),
});
