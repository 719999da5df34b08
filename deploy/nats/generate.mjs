// Writes nats.conf for docker-compose.yml from the permissions in the code: npx tsc -b deploy/local && node deploy/nats/generate.mjs
import { writeFileSync } from 'node:fs';
import { composedNatsConfig } from '../local/dist/index.js';

writeFileSync(new URL('nats.conf', import.meta.url), composedNatsConfig());
