import type { Command } from 'commander';
import type { CommandModule } from '../commands.js';
import { EXIT } from '../exit-codes.js';
import { carryOut, newCause } from './carry-out.http.js';
import { isEmpty } from './plan.js';
import { planFiles } from './planning.http.js';
import { sentence, shownSteps, showPlan, showStep } from './show-plan.js';

interface PlanFlags {
  readonly file: readonly string[];
  readonly adopt?: boolean;
  readonly prune: boolean;
}

const withFiles = (command: Command): Command =>
  command.requiredOption('-f, --file <path...>', 'files or folders, YAML or JSON; together one document');
const withChoices = (command: Command): Command =>
  withFiles(command)
    .option('--adopt', 'take over what is kept by hand, or by another set')
    .option('--no-prune', 'keep what this set made and no longer lists');

export const planCommand: CommandModule = (program, context) => {
  withChoices(program.command('plan'))
    .description('what apply would do; exit code 1 when there is something to do')
    .action(async ({ file, adopt = false, prune }: PlanFlags) => {
      const { plan, loaded } = await planFiles(context, file, { adopt, prune });
      const steps = shownSteps(plan, loaded.fromEnvironment);
      context.out.answer({ set: plan.set ?? null, steps, kept: plan.kept }, () =>
        showPlan(plan, steps, context.out.colours),
      );
      if (!isEmpty(plan)) context.exitWith(EXIT.found);
    });
};

export const applyCommand: CommandModule = (program, context) => {
  withChoices(program.command('apply'))
    .description('make Tocsin what the files say')
    .option('-y, --yes', 'do not ask')
    .option('-m, --message <text>', 'why; shown in the audit trail')
    .action(async (flags: PlanFlags & { readonly yes?: boolean; readonly message?: string }) => {
      const { file, adopt = false, prune, yes = false, message } = flags;
      const { out } = context;
      const { api, plan, loaded, current } = await planFiles(context, file, { adopt, prune });
      const cause = newCause(plan.set, message);
      const steps = shownSteps(plan, loaded.fromEnvironment);
      if (isEmpty(plan)) {
        out.answer({ set: plan.set ?? null, cause: null, done: [] }, () =>
          showPlan(plan, steps, out.colours),
        );
        return;
      }
      if (out.asks && !yes) {
        out.write(`${showPlan(plan, steps, out.colours)}\n`);
        if (!(await out.confirm('Do this?'))) {
          out.note('nothing was changed');
          context.exitWith(EXIT.found);
          return;
        }
      }
      let next = 0;
      await carryOut(plan, {
        api,
        current,
        cause,
        values: loaded.values,
        done: () => {
          const step = steps[next++];
          if (step !== undefined && !out.json) out.write(`${showStep(step, out.colours).join('\n')}\n`);
        },
      });
      const shown = { set: plan.set ?? null, cause, done: steps, kept: plan.kept };
      out.answer(shown, () => `${sentence(steps, plan, true)}\naudit trail: ${cause}`);
    });
};
