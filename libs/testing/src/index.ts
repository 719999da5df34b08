export { freshDatabase, freshNats } from './fresh.server.js';
export type { SharedServers } from './global-setup.js';
