import { Button, Group, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TestInput, TestView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { TestKind } from '@tocsin/monitoring';
import { type ReactNode, useMemo, useState } from 'react';
import { FormProvider, useController, useForm, useWatch } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { CodeEditor } from '../code-editor/code-editor.js';
import { atFields } from '../fields/field-problems.js';
import { AreaField, ListField, NumberField, TextField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { TextLink } from '../links.js';
import { Problem } from '../problem.js';
import { UnsavedGuard } from '../unsaved.js';
import { checkScenario } from './check-scenario.js';
import classes from './test-form.module.css';
import type { TestValues } from './test-values.js';

interface TestFormProps {
  readonly kind: TestKind;
  readonly start: TestValues;
  /** what it may be measured against: a version put back differs from what is stored */
  readonly isChanged?: boolean;
  readonly readOnly?: boolean;
  readonly save: (test: TestInput) => Promise<TestView>;
  readonly onSaved: (test: TestView) => void;
  readonly word: string;
  readonly cancel?: ReactNode;
}

export function TestForm({
  kind,
  start,
  isChanged = false,
  readOnly = false,
  save,
  onSaved,
  word,
  cancel,
}: TestFormProps) {
  const form = useForm<TestValues>({ defaultValues: start });
  const [error, setError] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const { isDirty, isSubmitting } = form.formState;

  async function submit(values: TestValues): Promise<void> {
    setError(undefined);
    const definition = definitionOf(kind, values);
    if (definition === undefined) {
      form.setError('code', { message: 'What is marked has to be right first.' });
      return;
    }
    try {
      const test = await save(inputOf(kind, values, definition));
      setSaved(true);
      onSaved(test);
    } catch (problem) {
      setError(atFields(form, problem));
    }
  }

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={(event) => void form.handleSubmit(submit)(event)}>
        <UnsavedGuard isDirty={(isDirty || isChanged) && !isSaved && !isSubmitting && !readOnly} />
        <fieldset disabled={readOnly} className={classes.form}>
          <CodeField kind={kind} readOnly={readOnly} />
          <AboutFields kind={kind} />
        </fieldset>
        {!readOnly && (
          <div className={classes.actions}>
            <Problem error={error} />
            <Group gap="xs" mt={error === undefined ? 0 : 'xs'}>
              <Button type="submit" size="sm" loading={isSubmitting}>
                {word}
              </Button>
              {cancel}
            </Group>
          </div>
        )}
      </form>
    </FormProvider>
  );
}

const definitionOf = (kind: TestKind, { code, timeoutSeconds }: TestValues): JsonObject | undefined =>
  kind === 'browser' ? { script: code, timeoutSeconds } : checkScenario(code).definition;

const inputOf = (
  kind: TestKind,
  { name, description, tags }: TestValues,
  definition: JsonObject,
): TestInput => ({
  name,
  kind,
  tags,
  definition,
  ...(description.trim() === '' ? {} : { description }),
});

function AboutFields({ kind }: { readonly kind: TestKind }) {
  const { data } = useQuery(queryOf('listTags'));
  return (
    <Fieldset title="Test">
      <TextField
        name="name"
        label="Name"
        placeholder={kind === 'browser' ? 'Somebody can sign in' : 'The orders can be read'}
        required
      />
      <AreaField name="description" label="Description" />
      <ListField name="tags" label="Tags" suggestions={data?.items.map(({ name }) => name) ?? []} max={20} />
      {kind === 'browser' && (
        <NumberField
          name="timeoutSeconds"
          label="Time limit"
          help="Of one attempt at the whole script"
          unit="s"
          min={1}
          max={3_600}
        />
      )}
    </Fieldset>
  );
}

function CodeField({ kind, readOnly }: { readonly kind: TestKind; readonly readOnly: boolean }) {
  const { field, fieldState } = useController<TestValues, 'code'>({ name: 'code' });
  const code = useWatch<TestValues, 'code'>({ name: 'code' });
  const problems = useMemo(() => (kind === 'api' ? checkScenario(code).problems : []), [kind, code]);
  return (
    <div>
      <CodeEditor
        label={kind === 'browser' ? 'Script' : 'Scenario'}
        help={<Help kind={kind} />}
        error={problems.length === 0 && kind === 'api' ? undefined : fieldState.error?.message}
        value={field.value}
        onChange={field.onChange}
        language={kind === 'browser' ? 'typescript' : 'json'}
        readOnly={readOnly}
        problems={problems}
      />
      {problems.length > 0 && (
        <List size="sm" mt="xs" aria-live="polite" aria-label="What is not right yet">
          {problems.slice(0, 8).map(({ line, field: path, message }) => (
            <List.Item key={`${line} ${path} ${message}`}>
              <Text component="span" size="sm" c="var(--bad)">
                Line {line}
                {path !== '' && `, ${path}`}: {message}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </div>
  );
}

function Help({ kind }: { readonly kind: TestKind }) {
  const variables = (
    <TextLink to="/settings/variables" target="_blank" size="xs">
      variables
    </TextLink>
  );
  if (kind === 'browser')
    return (
      <>
        One module for @playwright/test, in TypeScript. Project {variables} are in <code>process.env</code>.
        Escape, then Tab, leaves the editor.
      </>
    );
  return (
    <>
      Requests in order; the first thing that does not hold ends it. <code>{'{{NAME}}'}</code> stands for
      project {variables} and for what a step before extracted. Escape, then Tab, leaves the editor.
    </>
  );
}
