import type { CommandModule } from '../commands.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { readCurrent } from './current.http.js';
import { asYaml, exported } from './export.js';

export const exportCommand: CommandModule = (program, context) => {
  program
    .command('export')
    .description('what is there as a file for apply; secrets become variables of the environment')
    .option('--set <name>', 'what this set owns; without it everything, as a file that owns nothing')
    .action(async ({ set }: { readonly set?: string }) => {
      const current = await readCurrent(
        context.api(),
        ({ managedBy }) => set === undefined || managedBy === set,
      );
      const made = exported(current, set);
      if (made.problems.length > 0) throw new CommandError(made.problems.join('\n'), EXIT.refused);
      context.out.answer(made.document, () => asYaml(made));
      // As YAML it says so itself, at its top
      if (context.out.json)
        for (const { variable, of } of made.secrets) context.out.note(`it needs ${variable}: ${of}`);
    });
};
