// Everything that must hold before a change lands; ends with the line "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';

const nx = ['run-many', '--output-style=static'];
/** @type {[name: string, command: string, args: string[]][]} */
const steps = [
  ['browser', 'node', ['tools/ensure-browser.mjs']],
  ['generated code', 'node', ['tools/check-generated.mjs']],
  ['build', 'nx', [...nx, '-t', 'build', '--parallel=2']],
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['typecheck', 'npm', ['run', '--silent', 'typecheck']],
  ['test', 'nx', [...nx, '-t', 'test', '--parallel=2', '--exclude=@tocsin/executor,@tocsin/acceptance']],
  // Alone, one after the other: hostile scripts take what they can get, and the whole product wants the machine
  [
    'executor and acceptance',
    'nx',
    [...nx, '-t', 'test', '--parallel=1', '--projects=@tocsin/executor,@tocsin/acceptance'],
  ],
];

// A project that did not get to run must not be counted by its last report.
for (const report of globSync('{libs,services,deploy}/*/test-report.json')) rmSync(report);

let failedSteps = 0;
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    failedSteps += 1;
    console.error(`== ${name} failed`);
  }
}

let passed = 0;
let failed = 0;
let skipped = 0;
for (const report of globSync('{libs,services,deploy}/*/test-report.json')) {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
  skipped += numPendingTests;
}

// A test file that could not even load has no failed test, but its step has failed.
if (failedSteps > 0 && failed === 0) failed = failedSteps;
if (!existsSync('libs/kernel/dist')) failed += 1;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
