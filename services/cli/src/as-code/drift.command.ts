import type { CommandModule } from '../commands.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import { causesOf } from './carry-out.http.js';
import { inParallel } from './current.http.js';
import { type Drifted, driftOf } from './drift.js';
import { historyOf } from './history.http.js';
import { planFiles } from './planning.http.js';
import { showChange, shownSteps } from './show-plan.js';

const SHOWN_HANDS = 3;

export const driftCommand: CommandModule = (program, context) => {
  program
    .command('drift')
    .description('what others changed since the files were applied, and who; exit code 1 when they did')
    .requiredOption('-f, --file <path...>', 'files or folders, YAML or JSON; together one document')
    .action(async ({ file }: { readonly file: readonly string[] }) => {
      const { api, plan, loaded } = await planFiles(context, file, { adopt: true, prune: true });
      const steps = shownSteps(plan, loaded.fromEnvironment);
      const found = await inParallel(steps, async (step) =>
        driftOf(step, await historyOf(api, step, plan.set), causesOf(plan.set)),
      );
      const drifted = found.filter((one) => one !== undefined);
      const ahead = steps.length - drifted.length;
      context.out.answer({ drifted, notAppliedYet: ahead }, () =>
        drifted.length === 0 ? 'nobody changed what the files say' : drifted.flatMap(showDrift).join('\n'),
      );
      if (ahead > 0)
        context.out.note(`${ahead} changes of the files are not applied yet: tocsin plan shows them`);
      if (drifted.length > 0) context.exitWith(EXIT.found);
    });
};

function showDrift({ kind, name, how, changes, secrets, belongsTo, hands }: Drifted): string[] {
  const shown = hands.slice(0, SHOWN_HANDS).map(({ at, by, network }) => {
    const cause = by.cause === undefined ? '' : `, ${by.cause}`;
    return `    by ${by.kind} ${by.name}${network === null ? '' : ` from ${network}`} at ${at}${cause}`;
  });
  const more = hands.length > SHOWN_HANDS ? [`    and ${hands.length - SHOWN_HANDS} changes before`] : [];
  return [
    `${kind} ${name}: ${how}`,
    ...changes.map((change) => `    ${showChange(change)}`),
    ...(secrets === undefined ? [] : ['    (secret): changed']),
    ...(belongsTo === undefined
      ? []
      : [`    ${belongsTo === null ? 'kept by hand' : `of the set ${belongsTo}`} now`]),
    ...(hands.length === 0 ? ['    by whom is not known: the token needs the scope admin for that'] : []),
    ...shown,
    ...more,
  ].map(printable);
}
