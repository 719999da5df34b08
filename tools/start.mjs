// npm start: compiles what has changed and becomes the supervisor. npm puts Node 24 first on the PATH, see after-install.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`this is Node ${process.version}; "npm start" brings the Node 24 that Tocsin needs`);
  process.exit(1);
}

function run(program, args) {
  // Output only when it failed: a start is quiet
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim());
  console.error('tocsin could not be built');
  process.exit(1);
}

const newest = (dir) =>
  Math.max(
    0,
    ...readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
  );

// 1. The services. tsc looks at what it built last time itself, and takes 0.3 s when there is nothing to do
const projects = readdirSync('services')
  .map((name) => `services/${name}`)
  .filter((dir) => existsSync(`${dir}/tsconfig.json`) && existsSync(`${dir}/src/main.ts`));
run('node_modules/typescript/bin/tsc', ['-b', 'deploy/local', ...projects]);

// 2. The console, only when its sources are newer than what was built from them
const page = 'services/console/dist/index.html';
if (existsSync('services/console/src')) {
  const sources = Math.max(newest('services/console/src'), newest('libs/http-api/src'));
  if (!existsSync(page) || statSync(page).mtimeMs < sources)
    run('node_modules/nx/dist/bin/nx.js', ['build', 'console', '--outputStyle=static']);
}

// 3. In this very process, so that a signal to it reaches the supervisor
await import('../deploy/local/dist/main.js');
