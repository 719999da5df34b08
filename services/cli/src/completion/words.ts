import type { Command } from 'commander';

/** What may come after the words of a command: its commands and its options. */
export interface Words {
  /** `` for the program itself, `monitors list` */
  readonly after: string;
  readonly words: readonly string[];
}

/** Of the program and every command in it. */
export function wordsOf(program: Command): readonly Words[] {
  const globals = optionsOf(program);
  const walk = (command: Command, after: string): Words[] => [
    {
      after,
      words: [...command.commands.map((one) => one.name()), ...new Set([...optionsOf(command), ...globals])],
    },
    ...command.commands.flatMap((one) => walk(one, `${after} ${one.name()}`.trim())),
  ];
  return walk(program, '');
}

const optionsOf = (command: Command): string[] => [
  ...command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long])),
  '--help',
];
