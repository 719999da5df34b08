import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { createHttpApi } from './api/api.http.js';
import { DEFAULT_URL } from './api/connection.js';
import { COMMANDS } from './commands.js';
import type { Context } from './context.js';
import { CommandError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { createTerminal } from './output/terminal.js';

interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The program as commander knows it; its commands ask `context` for whatever they need of the world, when they need it. */
export function createProgram(world: World): { program: Command; exitCode: () => number } {
  const program = new Command('tocsin');
  program
    .description('Work with Tocsin: its monitors, jobs and alerts, and the log they are made of')
    .option('--url <url>', `the api; or TOCSIN_URL (default: ${DEFAULT_URL})`)
    .option('--token-file <path>', 'file with a token of the api; or TOCSIN_TOKEN, or TOCSIN_TOKEN_FILE')
    .option('--json', 'answer as JSON')
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  let code: number = EXIT.ok;
  const options = () => program.opts<GlobalOptions>();
  let out: Context['out'] | undefined;
  const context: Context = {
    env: world.env,
    signal: world.signal,
    get out() {
      out ??= createTerminal({ ...world, json: options().json === true });
      return out;
    },
    api: () => createHttpApi({ ...options(), env: world.env, signal: world.signal }),
    exitWith: (given) => {
      code = given;
    },
  };
  for (const add of COMMANDS) add(program, context);
  return { program, exitCode: () => code };
}

/** @returns the exit code */
export async function run(args: readonly string[], world: World): Promise<number> {
  const { program, exitCode } = createProgram(world);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof CommandError) {
      world.stderr.write(`tocsin: ${error.message}\n`);
      return error.exitCode;
    }
    // Node would end with 1, which says that something was found: this is no verdict.
    const said = world.signal.aborted ? 'stopped' : `unexpected: ${inspect(error)}`;
    world.stderr.write(`tocsin: ${said}\n`);
    return EXIT.unavailable;
  }
}
