// Fills the secrets that .env.example leaves empty: node deploy/docker/make-env.mjs > .env
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

console.log(
  example
    .replace(/^(TOCSIN_SECRET_KEY)=$/m, (_, name) => `${name}=${randomBytes(32).toString('base64')}`)
    // A letter first, for nats-server's sake (see deploy/nats/generate.mjs); hex, as they also go into URLs
    .replace(/^(\w+_PASSWORD)=$/gm, (line, name) =>
      name.startsWith('SMTP_') ? line : `${name}=p${randomBytes(24).toString('hex')}`,
    )
    .trimEnd(),
);
