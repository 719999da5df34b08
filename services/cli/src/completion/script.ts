import type { Words } from './words.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The words of commands are ours: letters, digits and hyphens, so nothing has to be quoted. */
export function scriptFor(shell: Shell, words: readonly Words[]): string {
  return SCRIPTS[shell](words);
}

const SCRIPTS: Readonly<Record<Shell, (words: readonly Words[]) => string>> = {
  bash,
  zsh: (words) => `#compdef tocsin\nautoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish,
};

function bash(words: readonly Words[]): string {
  const cases = words.map(({ after, words: next }) => `    "${after}") words="${next.join(' ')}" ;;`);
  return `_tocsin() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ "$word" == -* ]] || path="\${path:+$path }$word"
  done
  while :; do
    case "$path" in
${cases.join('\n')}
    esac
    [[ -n "$words" || -z "$path" ]] && break
    [[ "$path" == *" "* ]] && path="\${path% *}" || path=""
  done
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _tocsin tocsin
`;
}

function fish(words: readonly Words[]): string {
  const lines = words.flatMap(({ after, words: next }) =>
    next.map((word) => {
      const condition =
        after === '' && !word.startsWith('--')
          ? '__fish_use_subcommand'
          : after
              .split(' ')
              .filter((part) => part !== '')
              .map((part) => `__fish_seen_subcommand_from ${part}`)
              .join('; and ');
      const when = condition === '' ? '' : ` -n '${condition}'`;
      return word.startsWith('--')
        ? `complete -c tocsin${when} -l ${word.slice(2)}`
        : `complete -c tocsin -f${when} -a ${word}`;
    }),
  );
  return `${lines.join('\n')}\n`;
}
