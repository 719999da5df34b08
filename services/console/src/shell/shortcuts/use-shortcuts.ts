import { useEffect, useEffectEvent } from 'react';
import { NOTHING_TYPED, nameOf, nextShortcut } from './next-shortcut.js';

/** Runs what belongs to a key or to two in turn, as `g m`; keys that are typed into a field are the field's. */
export function useShortcuts(shortcuts: Readonly<Record<string, () => unknown>>): void {
  const run = useEffectEvent((name: string) => void shortcuts[name]?.());
  const names = useEffectEvent(() => Object.keys(shortcuts));
  useEffect(() => {
    let typed = NOTHING_TYPED;
    const onKey = (event: KeyboardEvent) => {
      const pressed = nameOf(event);
      if (pressed === undefined || event.defaultPrevented || event.isComposing) return;
      const isForField = isTyping(event.target) && !pressed.startsWith('mod+');
      if (isForField || document.querySelector('[aria-modal="true"]') !== null) return;
      const next = nextShortcut(typed, pressed, event.timeStamp, names());
      typed = next.typed;
      if (next.found === undefined) return;
      event.preventDefault();
      run(next.found);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
