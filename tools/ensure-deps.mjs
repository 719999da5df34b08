// for a package with platform optionalDependencies: newest version for which every platform package is on the registry
import { execFileSync } from 'node:child_process';

const q = (...a) => {
  try {
    return JSON.parse(
      execFileSync('npm', ['view', ...a, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
    );
  } catch {
    return null;
  }
};
for (const p of process.argv.slice(2)) {
  const vs = q(p, 'versions');
  const stable = vs
    .filter((v) => !v.includes('-') || /^0\.0\.0|rc|alpha|beta/.test(v) === false)
    .slice(-8)
    .reverse();
  const cache = {};
  for (const v of stable) {
    const od = q(`${p}@${v}`, 'optionalDependencies') || {};
    const miss = [];
    for (const [n, w] of Object.entries(od)) {
      if (n === 'fsevents') continue;
      cache[n] ??= q(n, 'versions') || [];
      if (![].concat(cache[n]).includes(w)) miss.push(n);
    }
    console.log(p, v, Object.keys(od).length, miss.length ? 'MISSING ' + miss.join(' ') : 'COMPLETE');
    if (!miss.length) break;
  }
}
