// The generated contract types are committed; this fails when they are not what proto/ says now.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const committed = 'libs/contracts/src/gen';
const fresh = mkdtempSync(path.join(tmpdir(), 'tocsin-gen-'));
try {
  const template = readFileSync('buf.gen.yaml', 'utf8').replace(committed, fresh);
  const { status } = spawnSync('buf', ['generate', '--template', JSON.stringify(parse(template))], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  const files = (dir) => globSync('**/*.ts', { cwd: dir }).toSorted();
  const names = new Set([...files(committed), ...files(fresh)]);
  const stale = [...names].filter((name) => read(committed, name) !== read(fresh, name));
  for (const name of stale) console.error(`${committed}/${name} is not what proto/ generates: npm run gen`);
  process.exitCode = stale.length === 0 ? 0 : 1;
  if (stale.length === 0) console.log(`generated code is current (${names.size} files)`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function read(dir, name) {
  try {
    return readFileSync(path.join(dir, name), 'utf8');
  } catch {
    return undefined;
  }
}
