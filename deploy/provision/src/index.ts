export { type ProvisionOptions, provision } from './provision.js';
export { provisionOptions, streamBytesScale } from './settings.js';
