import { fileURLToPath } from 'node:url';
import { AUDITOR, auditorAccess, NATS_PERMISSIONS, SERVICE_NAMES } from '@tocsin/contracts';
import {
  AUDITOR_ROLE,
  artifactDays,
  provision,
  provisionLocations,
  provisionSubscribers,
  streamBytesScale,
} from '@tocsin/provision';
import type { Deployment, ServiceSpec } from './deployment.js';

/** In the order of the road a check takes; stopped the other way round. */
const roles: Record<string, Omit<ServiceSpec, 'name' | 'entry'>> = {
  api: { databaseRole: 'tocsin_api', readsSecrets: true, isFront: true, keepsArtifacts: true },
  scheduler: { databaseRole: 'tocsin_scheduler', readsSecrets: false, isFront: false, keepsArtifacts: false },
  executor: { databaseRole: undefined, readsSecrets: false, isFront: false, keepsArtifacts: true },
  'result-projector': {
    databaseRole: 'tocsin_result_projector',
    readsSecrets: false,
    isFront: false,
    keepsArtifacts: false,
  },
  'alert-evaluator': {
    databaseRole: 'tocsin_alert_evaluator',
    readsSecrets: false,
    isFront: false,
    keepsArtifacts: false,
  },
  notifier: { databaseRole: 'tocsin_notifier', readsSecrets: true, isFront: false, keepsArtifacts: false },
};

export const product: Deployment = {
  services: Object.entries(roles).map(([name, role]) => ({
    name,
    entry: fileURLToPath(new URL(`../../../services/${name}/dist/main.js`, import.meta.url)),
    ...role,
  })),
  reader: { name: AUDITOR, access: auditorAccess(), databaseRole: AUDITOR_ROLE },
  natsUsers: (passwords) =>
    SERVICE_NAMES.map((name) => ({ name, password: passwords[name] ?? '', ...NATS_PERMISSIONS[name] })),
  provision: (input) =>
    provision({
      ...input,
      locations: provisionLocations(input.env),
      maxBytesScale: streamBytesScale(input.env),
      artifactDays: artifactDays(input.env),
      subscribers: provisionSubscribers(input.env),
    }),
};
