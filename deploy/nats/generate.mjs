// Writes the configuration of the composed NATS server from the permissions in the code: npm run gen:nats
// With TOCSIN_SUBSCRIBERS it writes subscribers.conf instead, for deploy/nats/subscribers.compose.yml.
import { writeFileSync } from 'node:fs';
import { composedNatsConfig } from '../local/dist/index.js';

const subscribers = process.env.TOCSIN_SUBSCRIBERS ?? '';
const file = subscribers === '' ? 'nats.conf' : 'subscribers.conf';
writeFileSync(new URL(file, import.meta.url), composedNatsConfig(subscribers));
