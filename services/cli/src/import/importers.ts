import { gatus } from './gatus/index.js';
import { healthchecks } from './healthchecks/index.js';
import type { Importer } from './importer.js';
import { supercheck } from './supercheck/index.js';
import { uptimeKuma } from './uptime-kuma/index.js';

/** Every tool from which configuration can be taken over. One line each. */
export const IMPORTERS: readonly Importer[] = [uptimeKuma, gatus, healthchecks, supercheck];
