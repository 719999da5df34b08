export { composedNatsConfig } from './composed-nats.js';
export type { Deployment, ProvisionInput, ServiceSpec } from './deployment.js';
export type { Kept } from './keep-running.process.js';
export { type PlannedService, planServices } from './plan-services.js';
export { product } from './product.js';
export { loadSecrets } from './secrets.store.js';
export { NODE_ARGS } from './service.process.js';
export type { Local, LocalOptions } from './start-local.process.js';
export { startLocal } from './start-local.process.js';
