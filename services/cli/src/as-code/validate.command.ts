import type { CommandModule } from '../commands.js';
import { KINDS, listOf } from './document.js';
import { loadFiles } from './planning.http.js';

export const validateCommand: CommandModule = (program, context) => {
  program
    .command('validate')
    .description('whether files for apply are right by themselves; asks nobody')
    .requiredOption('-f, --file <path...>', 'files or folders, YAML or JSON; together one document')
    .action(({ file }: { readonly file: readonly string[] }) => {
      const { document } = loadFiles(context, file);
      const counts = Object.fromEntries(KINDS.map((kind) => [listOf(kind), document[listOf(kind)].length]));
      const found = Object.entries(counts).flatMap(([list, count]) =>
        count === 0 ? [] : [`${count} ${list}`],
      );
      context.out.answer({ set: document.set ?? null, ...counts }, () =>
        found.length === 0 ? 'right, and empty' : `right: ${found.join(', ')}`,
      );
    });
};
