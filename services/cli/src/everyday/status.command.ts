import type { Overview } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';

/** How the project is, in numbers. */
export const statusCommand: CommandModule = (program, context) => {
  program
    .command('status')
    .description('how things are, in numbers')
    .action(async () => {
      const overview = await context.api().call<Overview>('getOverview');
      context.out.answer(overview, () => describe(overview));
    });
};

function describe({ counts }: Overview): string {
  const { monitors, jobs, alerts, deliveries, runs } = counts;
  const oldest = alerts.oldestSince === null ? '' : `, the oldest since ${alerts.oldestSince}`;
  return [
    `monitors    ${monitors.total}: ${statuses(monitors.byStatus)}`,
    `jobs        ${jobs.total}: ${statuses(jobs.byStatus)}`,
    `runs        ${runs.running} running, ${runs.queued} queued`,
    `alerts      ${alerts.open} open, ${alerts.unacknowledged} not acknowledged${oldest}`,
    `deliveries  ${deliveries.failingProviders} providers failing, ${deliveries.deadLetters} given up`,
  ].join('\n');
}

function statuses(byStatus: Readonly<Record<string, number>>): string {
  const said = Object.entries(byStatus).filter(([, count]) => count > 0);
  return said.length === 0 ? 'none' : said.map(([status, count]) => `${count} ${status}`).join(', ');
}
