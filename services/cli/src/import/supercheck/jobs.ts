import type { Draft } from '../draft.js';
import type { Account, Thing } from '../ledger.js';
import { settings } from '../mapping.js';
import { alertConfigOf } from './alerts.js';
import { IDS, type Surroundings } from './monitors.js';
import type { SupercheckJob } from './resources.js';
import { fileOf } from './tests.js';

const RUNS = ['lastRun', 'lastRunAt', 'nextRunAt', 'testCount'];

interface JobSurroundings extends Surroundings {
  /** the name of the test that a file is, which is made if it has to be */
  readonly testOfFile: (path: string, slug: string) => string;
}

export function jobDraft(job: SupercheckJob, index: number, around: JobSurroundings): Draft | undefined {
  if (job.jobType === 'k6') {
    const why = `"${job.name ?? ''}" runs scripts for k6`;
    around.ledger.at(['jobs']).left([index], why, 'run them by k6 and report them as runs of a job');
    return undefined;
  }
  const name = around.nameFor(job.name ?? '', `job ${index + 1}`);
  const thing: Thing = { kind: 'job', name };
  const account = around.ledger.at(['jobs', index], thing);
  if (name === job.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  account.carried('description', 'description');
  account.carried('cronSchedule', 'cron');
  account.unneeded('jobType', 'tests say what they are');
  account.unneeded([...IDS, ...RUNS], 'not a setting');
  const alertConfig = alertConfigOf(job.alertConfig, account, around.providers);
  const value = settings({
    name,
    description: job.description === '' ? undefined : job.description,
    tests: testsOf(job, account, around),
    cron: job.cronSchedule === '' ? undefined : job.cronSchedule,
    timeZone: 'UTC',
    // A job of Supercheck tells of no recovery unless told to
    alertConfig: alertConfig === undefined ? undefined : { alertOnRecovery: false, ...alertConfig },
  });
  return { ...thing, value };
}

function testsOf({ tests = [] }: SupercheckJob, account: Account, around: JobSurroundings): string[] {
  const names: string[] = [];
  for (const [index, asked] of tests.entries()) {
    const file = asked === undefined ? undefined : fileOf(asked);
    const name =
      around.tests.get(file?.id ?? asked ?? '') ??
      (file === undefined || asked === undefined ? undefined : around.testOfFile(asked, file.slug));
    const place = ['tests', index];
    if (name === undefined)
      account.left(place, 'this test was not carried over', 'export the tests too, or take it out');
    else if (names.includes(name)) account.left(place, 'the test is named twice', 'nothing');
    else {
      names.push(name);
      account.changed(place, 'tests', `by its name "${name}"`);
    }
  }
  return names;
}
