// Writes nats.conf for docker-compose.yml from the permissions in the code: npm run gen:nats
import { writeFileSync } from 'node:fs';
import { composedNatsConfig } from '../local/dist/index.js';

writeFileSync(new URL('nats.conf', import.meta.url), composedNatsConfig());
