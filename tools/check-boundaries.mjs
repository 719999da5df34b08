// Project boundaries from the declared workspace dependencies (Biome's noUndeclaredDependencies keeps them honest).
import { readdirSync, readFileSync } from 'node:fs';

/** kind of project -> kinds it may depend on; `testing` only from tests and from deploy's own suites */
const allowed = {
  kernel: [],
  domain: ['kernel', 'domain'],
  contracts: ['kernel', 'domain', 'contracts'],
  platform: ['kernel', 'domain', 'contracts', 'platform'],
  testing: ['kernel', 'domain', 'contracts', 'platform'],
  service: ['kernel', 'domain', 'contracts', 'platform'],
  deploy: ['kernel', 'domain', 'contracts', 'platform', 'testing', 'deploy'],
};

const projects = new Map();
for (const group of ['libs', 'services', 'deploy']) {
  for (const name of readdirSync(group)) {
    try {
      const pkg = JSON.parse(readFileSync(`${group}/${name}/package.json`, 'utf8'));
      const kind = pkg.nx.tags.find((tag) => tag.startsWith('type:')).slice('type:'.length);
      projects.set(pkg.name, { kind, pkg, dir: `${group}/${name}` });
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    }
  }
}

const problems = [];
for (const [name, { kind, pkg, dir }] of projects) {
  const references = JSON.parse(readFileSync(`${dir}/tsconfig.json`, 'utf8')).references.map((r) => r.path);
  for (const dependency of Object.keys(pkg.dependencies ?? {})) {
    const other = projects.get(dependency);
    if (!other) continue;
    if (!allowed[kind].includes(other.kind))
      problems.push(`${name} (${kind}) must not depend on ${dependency} (${other.kind})`);
    if (!references.includes(`../../${other.dir}`))
      problems.push(`${name}: tsconfig.json lacks the reference to ${other.dir}`);
  }
  if (kind === 'kernel' || kind === 'domain') {
    const { compilerOptions } = JSON.parse(readFileSync(`${dir}/tsconfig.json`, 'utf8'));
    if (compilerOptions?.types?.length !== 0) problems.push(`${name}: a pure library has "types": []`);
  }
}
for (const problem of problems) console.error(`boundary: ${problem}`);
console.log(
  problems.length === 0 ? `boundaries ok (${projects.size} projects)` : `${problems.length} violations`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
