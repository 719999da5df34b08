import type { AlertExplanation, JobView, MonitorView, TargetExplanation } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import { findByName } from '../everyday/find.js';
import { instantOption } from '../everyday/options.js';
import { alertLines, targetLines } from './explanation-lines.js';

export const explainCommand: CommandModule = (program, context) => {
  const explain = program
    .command('explain')
    .description('why there was an alert or none, from the check to the last attempt, with event ids');
  explain
    .command('alert <id>')
    .description('what led to it, who was told and who was not')
    .action(async (id: string) => {
      const told = await context.api().call<AlertExplanation>('explainAlert', { params: { id } });
      context.out.answer(told, () => alertLines(told));
    });
  const target = (noun: 'monitor' | 'job', list: string, route: string) =>
    explain
      .command(`${noun} <name>`)
      .description(`how a ${noun}, by name or id, stood at an instant, and why`)
      .option('--at <instant>', 'then; an instant or an age like 15m (default: now)', instantOption)
      .action(async (nameOrId: string, { at }: { at?: string }) => {
        const api = context.api();
        const { id } = await findByName<MonitorView | JobView>(api, list, noun, nameOrId);
        const told = await api.call<TargetExplanation>(route, { params: { id }, query: { at } });
        context.out.answer(told, () => targetLines(told));
      });
  target('monitor', 'listMonitors', 'explainMonitor');
  target('job', 'listJobs', 'explainJob');
};
