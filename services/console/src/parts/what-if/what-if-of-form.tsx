import { useFormContext } from 'react-hook-form';
import { Fieldset } from '../fields/fieldset.js';
import { WhatIf } from './what-if-panel.js';
import { changeOf } from './what-if-words.js';

type Settings = Readonly<Record<string, unknown>>;

/** Of the form around it: its alert settings against those it started with. */
export function WhatIfOfForm({ kind, id }: { readonly kind: 'monitor' | 'job'; readonly id: string }) {
  const { getValues, formState } = useFormContext<{ alertConfig: Settings }>();
  const started = formState.defaultValues?.alertConfig;
  return (
    <Fieldset
      title="What if"
      about="What these alert settings would have made of the past. Nothing is changed."
    >
      <WhatIf kind={kind} id={id} change={() => changeOf(started ?? {}, getValues('alertConfig'))} />
    </Fieldset>
  );
}
