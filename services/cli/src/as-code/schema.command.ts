import type { CommandModule } from '../commands.js';
import { editorSchema } from './json-schema.js';

export const schemaCommand: CommandModule = (program, context) => {
  program
    .command('schema')
    .description('the JSON Schema of files for apply, for editors')
    .action(() => {
      context.out.write(`${JSON.stringify(editorSchema(), undefined, 2)}\n`);
    });
};
