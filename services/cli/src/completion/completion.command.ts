import { Argument } from 'commander';
import type { CommandModule } from '../commands.js';
import { SHELLS, type Shell, scriptFor } from './script.js';
import { wordsOf } from './words.js';

/** `source <(tocsin completion bash)` */
export const completionCommand: CommandModule = (program, context) => {
  program
    .command('completion')
    .description('a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((shell: Shell) => {
      context.out.write(scriptFor(shell, wordsOf(program)));
    });
};
