import type { TestKind } from '@tocsin/monitoring';
import { AppWindow, Braces } from 'lucide-react';
import { Mark } from './mark.js';

/** A script in a browser, or a scenario of requests. */
export function TestKindMark({ kind }: { readonly kind: TestKind }) {
  return kind === 'browser' ? (
    <Mark tone="calm" icon={AppWindow} word="Browser" bare />
  ) : (
    <Mark tone="calm" icon={Braces} word="API" bare />
  );
}
