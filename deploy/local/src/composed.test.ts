import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer, temporaryFolder } from '@tocsin/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { composedNatsConfig } from './composed-nats.js';
import { passwordVariable } from './password-variable.js';
import { product } from './product.js';

interface Container {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, unknown>;
  networks: string[];
  volumes?: string[];
  ports?: string[];
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  tmpfs: string[];
  healthcheck?: unknown;
}
interface Composition {
  services: Record<string, Container>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const text = read('docker-compose.yml');
const composed = parse(text, { merge: true }) as Composition;
const containers = Object.entries(composed.services);
const container = (name: string): Container => {
  const found = composed.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const variablesOf = (what: unknown) =>
  [...JSON.stringify(what).matchAll(/\$\{(\w+)/g)].map((match) => match[1] ?? '');
const example = [...read('.env.example').matchAll(/^(\w+)=/gm)].map((match) => match[1] ?? '');

test.each(containers)('%s runs without a writable root, capabilities or new privileges', (_, one) => {
  expect(one).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(one.tmpfs).toContain('/tmp');
  expect(one.healthcheck !== undefined || /^tocsin(-\w+)?:/.test(one.image)).toBe(true);
});

const known = (source: string) =>
  source.startsWith('.') ? existsSync(path.join(root, source)) : source in composed.volumes;

test.each(containers)('%s refers to networks, volumes and services that exist', (_, one) => {
  for (const network of one.networks) expect(Object.keys(composed.networks)).toContain(network);
  for (const name of Object.keys(one.depends_on ?? {}))
    expect(Object.keys(composed.services)).toContain(name);
  const sources = (one.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
  expect(sources.filter((source) => !known(source))).toEqual([]);
});

test.each(product.services)(
  '$name is composed under its own identities and with no secret but its own',
  (spec) => {
    const { environment = {}, command } = container(spec.name);
    const variable = spec.name.toUpperCase().replaceAll('-', '_');
    expect(path.resolve(root, command?.[0] ?? '')).toBe(spec.entry);
    expect(environment.NATS_URL).toBe(`nats://${spec.name}:\${TOCSIN_NATS_${variable}_PASSWORD}@nats:4222`);
    expect(environment.DATABASE_URL).toBe(
      spec.databaseRole &&
        `postgres://${spec.databaseRole}:\${TOCSIN_DB_${variable}_PASSWORD}@postgres:5432/tocsin`,
    );
    expect('TOCSIN_SECRET_KEY' in environment).toBe(spec.readsSecrets);
    const secrets = variablesOf(environment).filter((name) =>
      /^TOCSIN_.*(PASSWORD|CLIENT_SECRET)$/.test(name),
    );
    const signingIn = spec.isFront ? ['TOCSIN_ADMIN_PASSWORD', 'TOCSIN_OIDC_CLIENT_SECRET'] : [];
    const foreign = secrets.filter((name) => !name.includes(`_${variable}_`));
    expect(foreign.toSorted()).toEqual(signingIn);
  },
);

test('only the front, and the mail catcher, have a port outside; NATS and Postgres are on the closed network alone', () => {
  expect(containers.filter(([, one]) => one.ports).map(([name]) => name)).toEqual([
    'api',
    'console',
    'mailpit',
  ]);
  expect(composed.networks.backplane?.internal).toBe(true);
  for (const name of ['nats', 'postgres', 'provision'])
    expect(container(name).networks).toEqual(['backplane']);
});

test('everything Tocsin consists of is among its own endpoints, which nobody may have it connect to', () => {
  for (const { name } of product.services) {
    const own = container(name).environment?.TOCSIN_OWN_ENDPOINTS?.split(',');
    expect(own).toEqual([
      'nats:4222',
      'postgres:5432',
      ...product.services.map((spec) => `${spec.name}:3000`),
    ]);
  }
});

test('.env.example names every variable that is read, and no other', () => {
  const ofScripts = ['TOCSIN_RUN_SCRIPTS', 'TOCSIN_RUN_UID', 'TOCSIN_CHROMIUM'];
  const forSubscribers = variablesOf(parse(read('deploy/nats/subscribers.compose.yml')));
  const locally = [
    'TOCSIN_NATS_PORT',
    'TOCSIN_DATA_DIR',
    'TOCSIN_CONSOLE_DIR',
    'NATS_URL',
    'DATABASE_URL',
    ...ofScripts,
  ];
  expect(new Set(example)).toEqual(new Set([...variablesOf(parse(text)), ...forSubscribers, ...locally]));
});

const make = () => execFileSync(process.execPath, [path.join(root, 'deploy/docker/make-env.mjs')]).toString();

test('make-env fills every secret, differently each time, and leaves the rest', () => {
  const [one, two] = [make(), make()];
  const secrets = [...one.matchAll(/^(TOCSIN_\w+_PASSWORD|TOCSIN_SECRET_KEY)=(.+)$/gm)];
  expect(secrets).toHaveLength(
    example.filter((name) => /^TOCSIN_(.*PASSWORD|SECRET_KEY)$/.test(name)).length,
  );
  expect(
    new Set([...secrets, ...two.matchAll(/^TOCSIN_\w+_PASSWORD=(.+)$/gm)].map(([line]) => line)).size,
  ).toBe(secrets.length * 2 - 1);
  expect(one).toMatch(/^SMTP_PASSWORD=$/m);
});

test('nats.conf is what the permissions say, and the real server accepts it', async () => {
  const file = path.join(root, 'deploy/nats/nats.conf');
  expect(readFileSync(file, 'utf8')).toBe(composedNatsConfig());
  const variables = Object.keys(container('nats').environment ?? {});
  const names = [...product.services.map(({ name }) => name), 'auditor'];
  expect(variables).toEqual(['admin', ...names].map(passwordVariable));
  const env = Object.fromEntries(variables.map((name) => [name, 'p00e1']));
  const { status, stderr } = spawnSync(await findNatsServer(), ['-t', '-c', file], { env, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('is valid') as string });
});

test('with subscribers it has an account for each, and passwords from the environment', async () => {
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const file = path.join(folder.dir, 'subscribers.conf');
  writeFileSync(file, composedNatsConfig('pager:default,data-lake:shop'));
  const users = [...readFileSync(file, 'utf8').matchAll(/password: \$(\w+)/g)].map(([, name = '']) => name);
  const check = (names: string[]) =>
    spawnSync(binary, ['-t', '-c', file], {
      env: Object.fromEntries(names.map((name) => [name, 'p00e1'])),
      encoding: 'utf8',
    });
  const binary = await findNatsServer();
  expect(check(users)).toMatchObject({ stderr: expect.stringContaining('is valid') as string, status: 0 });
  const missing = check(users.slice(0, -1));
  expect(missing.status).not.toBe(0);
  expect(missing.stderr).toContain('TOCSIN_NATS_SUBSCRIBER_DATA_LAKE_PASSWORD');
});

test('the console has the same policy from a web server of its own as from the api', () => {
  const policies = read('services/api/src/console/console.routes.ts').match(
    /const POLICY = \[([^\]]+)\]/,
  )?.[1];
  const wanted = [...(policies ?? '').matchAll(/"([^"]+)"/g)].map(([, part]) => part).join('; ');
  expect(read('deploy/docker/console.conf')).toContain(`content-security-policy "${wanted}"`);
});
