// Writes proto/asyncapi.yaml and the event types of the client: npm run gen:asyncapi
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generated } from './generated.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
for (const [file, text] of Object.entries(generated(root))) writeFileSync(path.join(root, file), text);
