export { type ProvisionOptions, provision } from './provision.js';
export { provisionLocations, provisionOptions, streamBytesScale } from './settings.js';
