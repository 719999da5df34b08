export { AUDITOR_ROLE } from '@tocsin/database';
export { type ProvisionOptions, provision } from './provision.js';
export {
  artifactDays,
  provisionLocations,
  provisionOptions,
  provisionSubscribers,
  streamBytesScale,
} from './settings.js';
export { provisionNats } from './streams.nats.js';
