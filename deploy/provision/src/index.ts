export { type ProvisionOptions, provision } from './provision.js';
export { artifactDays, provisionLocations, provisionOptions, streamBytesScale } from './settings.js';
