import { createInterface } from 'node:readline/promises';
import type { Output } from './output.js';
import { createProgress } from './progress.js';
import { renderTable } from './table.js';

interface TerminalOptions {
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function createTerminal({ json, env, stdin, stdout, stderr }: TerminalOptions): Output {
  const write = (text: string) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const answerJson = (value: unknown) => write(JSON.stringify(value, undefined, 2));
  return {
    json,
    // https://no-color.org
    colours: stdout.isTTY && (env.NO_COLOR ?? '') === '' && !json,
    asks: stdin.isTTY && !json,
    write: (text) => void stdout.write(text),
    note: (text) => void stderr.write(`${text}\n`),
    answer(value, human) {
      if (json) answerJson(value);
      else write(human());
    },
    table(rows, columns) {
      if (json) answerJson(rows);
      else if (rows.length === 0) stderr.write('nothing to show\n');
      else write(renderTable(rows, columns));
    },
    progress: (what, total) => createProgress(stderr, what, total),
    async confirm(question) {
      if (!stdin.isTTY || json) return false;
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
      } finally {
        lines.close();
      }
    },
  };
}
