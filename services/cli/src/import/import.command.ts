import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { assemble, type Imported } from './assemble.js';
import { documentText } from './document-text.js';
import { readFile, writeFile } from './files.store.js';
import type { Importer } from './importer.js';
import { IMPORTERS } from './importers.js';
import { merge } from './merge.js';
import { reportData, reportForPeople, reportLines } from './report.js';
import { secretsFile } from './secrets.js';

interface Options {
  readonly out?: string;
  readonly set: string;
  readonly report?: string;
  readonly secretsFile?: string;
  readonly force?: boolean;
}

export const importCommands: CommandModule = (program, context) => {
  const command = program.command('import').description('take over the configuration of another tool');
  for (const importer of IMPORTERS)
    command
      .command(importer.name)
      .argument('<files...>', importer.files)
      .description(`from ${importer.title}`)
      .option('--out <file>', 'where the document goes; stdout when left out')
      .option('--set <name>', 'the set that owns what is made', importer.name)
      .option('--report <file>', 'where all of the report goes: as JSON when it ends in .json')
      .option('--secrets-file <file>', 'where secrets go, readable by you alone; nowhere when left out')
      .option('--force', 'overwrite these files')
      .action((files: string[], options: Options) => takeOver(importer, files, options, context));
};

function takeOver(importer: Importer, files: readonly string[], options: Options, context: Context): void {
  if (!/^[A-Za-z0-9_-]{1,63}$/.test(options.set))
    throw new CommandError(`"${options.set}" is no name of a set: use 1 to 63 of A-Z a-z 0-9 _ -`);
  const source = files.map((file) => importer.recognise(readFile(file))).reduce(merge);
  const imported = assemble(importer.map(source), options.set);
  const text = documentText(imported, importer.title);
  writeFiles(imported, text, options);
  say(imported, text, options, context);
  context.exitWith(imported.entries.some(({ outcome }) => outcome === 'left') ? EXIT.found : EXIT.ok);
}

function writeFiles(imported: Imported, text: string, { out, report, secretsFile: secrets, force }: Options) {
  const how = { force: force === true };
  if (out !== undefined) writeFile(out, text, how);
  if (secrets !== undefined) writeFile(secrets, secretsFile(imported.secrets), { ...how, secret: true });
  if (report === undefined) return;
  const data = () => JSON.stringify(reportData(imported), undefined, 2);
  writeFile(report, `${report.endsWith('.json') ? data() : reportLines(imported.entries)}\n`, how);
}

/** One answer goes to stdout: the document when it has no other place, the report otherwise. */
function say(
  imported: Imported,
  text: string,
  { out, secretsFile: secrets }: Options,
  { out: output }: Context,
) {
  const told = imported.secrets.some(({ value }) => value !== undefined);
  if (out === undefined && !output.json) {
    output.write(text);
    output.note(reportForPeople(imported));
  } else {
    const document = out === undefined ? { document: imported.document } : { out };
    output.answer({ ...document, ...reportData(imported) }, () => reportForPeople(imported));
  }
  if (told && secrets === undefined)
    output.note('The secrets were left behind: write them with --secrets-file FILE, then set -a; . FILE');
}
