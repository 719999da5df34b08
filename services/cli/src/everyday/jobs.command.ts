import type { JobView, RunView, TriggerAnswer } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import { findByName, take } from './find.js';
import { tell } from './monitors.command.js';
import { positiveInteger } from './options.js';

const JOB_COLUMNS = [
  { title: 'NAME', of: (j: JobView) => j.name },
  { title: 'STATUS', of: (j: JobView) => j.status },
  { title: 'CRON', of: (j: JobView) => j.cron },
  { title: 'LAST RUN', of: (j: JobView) => j.lastRunAt },
  { title: 'NEXT RUN', of: (j: JobView) => j.nextRuns[0] },
  { title: 'ID', of: (j: JobView) => j.id },
];

const RUN_COLUMNS = [
  { title: 'SLOT', of: (r: RunView) => r.slot },
  { title: 'STATUS', of: (r: RunView) => r.status },
  { title: 'TRIGGER', of: (r: RunView) => r.trigger },
  { title: 'MS', of: (r: RunView) => (r.durationMs === null ? null : Math.round(r.durationMs)) },
  { title: 'ERROR', of: (r: RunView) => r.error?.message },
  { title: 'JOB', of: (r: RunView) => r.jobName },
  { title: 'ID', of: (r: RunView) => r.runId },
];

export const jobCommands: CommandModule = (program, context) => {
  const find = (nameOrId: string) => findByName<JobView>(context.api(), 'listJobs', 'job', nameOrId);
  const jobs = program.command('jobs').description('tests in order');
  jobs
    .command('list')
    .description('jobs with their last and next runs')
    .action(async () => {
      const list = context.api().all<JobView>('listJobs');
      context.out.table(await take(list, Number.POSITIVE_INFINITY), JOB_COLUMNS);
    });
  jobs
    .command('run <job>')
    .description('run it now')
    .action(async (nameOrId: string) => {
      const { id } = await find(nameOrId);
      const run = await context.api().call<TriggerAnswer>('runJob', { params: { id } });
      context.out.answer(run, () => `${run.jobName} is ${run.status}: run ${run.runId}`);
    });

  const runs = program.command('runs').description('what jobs did');
  runs
    .command('list')
    .description('runs, newest first')
    .option('--job <job>', 'of this job alone, by name or id')
    .option('--limit <n>', 'so many at most', positiveInteger, 50)
    .action(async ({ job, limit }: { job?: string; limit: number }) => {
      const query = job === undefined ? {} : { jobId: (await find(job)).id };
      context.out.table(await take(context.api().all<RunView>('listAllRuns', { query }), limit), RUN_COLUMNS);
    });
  runs
    .command('show <id>')
    .description('one, with its tests and artifacts, as JSON')
    .action(async (id: string) => {
      const run = await context.api().call('getRun', { params: { id } });
      context.out.answer(run, () => JSON.stringify(run, undefined, 2));
    });
  runs
    .command('cancel <id>')
    .description('end it')
    .action((id: string) => tell(context, 'cancelRun', id, `asked run ${id} to end`));
};
