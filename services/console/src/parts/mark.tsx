import type { LucideIcon } from 'lucide-react';
import classes from './mark.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'calm';

interface MarkProps {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly word: string;
  /** without its tint, for dense rows */
  readonly bare?: boolean;
  readonly title?: string;
}

/** A state as colour, icon and word together: none of them has to be seen alone. */
export function Mark({ tone, icon: Icon, word, bare = false, title }: MarkProps) {
  return (
    <span className={`${classes.mark} ${classes[tone]} ${bare ? classes.bare : ''}`} title={title}>
      <Icon size={14} aria-hidden strokeWidth={2.25} />
      {word}
    </span>
  );
}
