import type { Draft } from '../draft.js';
import type { Importer } from '../importer.js';
import { createLedger, type Ledger } from '../ledger.js';
import { createNames, type NameFor } from '../names.js';
import { jobDraft } from './jobs.js';
import { monitorDraft } from './monitors.js';
import { providerDraft, variableDraft } from './providers.js';
import { recognise } from './recognise.js';
import { resourcesSchema } from './resources.js';
import { testDraft } from './tests.js';

type Resources = ReturnType<typeof resourcesSchema.parse>;

export const supercheck: Importer = {
  name: 'supercheck',
  title: 'Supercheck',
  files:
    'what "supercheck monitor list --json" and its like print, one file each, or "supercheck config print"',
  recognise,
  map(source) {
    const ledger = createLedger(source);
    const resources = resourcesSchema.parse(source);
    const providers = named(resources.notificationProviders, (provider, index, nameFor) =>
      providerDraft(provider, index, { ledger, nameFor }),
    );
    const variables = (resources.variables ?? []).map((variable, index) =>
      variable === undefined ? undefined : variableDraft(variable, index, ledger),
    );
    const nameTest = createNames();
    const tests = named(resources.tests, (test, index) =>
      testDraft(test, index, { ledger, nameFor: nameTest }),
    );
    const others = thingsWith(resources, ledger, {
      providers: providers.names,
      tests: tests.names,
      nameTest,
    });
    rest(ledger);
    const drafts = [...providers.drafts, ...variables, ...tests.drafts, ...others];
    return { drafts: drafts.filter((draft) => draft !== undefined), ledger };
  },
};

/** The drafts of a list, and their names by the ids of Supercheck. */
function named<Item extends { id?: string | undefined }>(
  list: readonly (Item | undefined)[] | undefined,
  draftOf: (item: Item, index: number, nameFor: NameFor) => Draft | undefined,
) {
  const drafts: Draft[] = [];
  const names = new Map<string, string>();
  const nameFor = createNames();
  for (const [index, item] of (list ?? []).entries()) {
    const draft = item === undefined ? undefined : draftOf(item, index, nameFor);
    if (draft === undefined) continue;
    drafts.push(draft);
    if (item?.id !== undefined) names.set(item.id, draft.name);
  }
  return { drafts, names };
}

interface Known {
  readonly providers: ReadonlyMap<string, string>;
  readonly tests: ReadonlyMap<string, string>;
  readonly nameTest: NameFor;
}

/** Monitors and jobs, and the tests of which a job knows the file alone. */
function thingsWith(
  { monitors = [], jobs = [] }: Resources,
  ledger: Ledger,
  known: Known,
): (Draft | undefined)[] {
  const files = new Map<string, Draft>();
  const testOfFile = (path: string, slug: string): string => {
    const made = files.get(path);
    if (made !== undefined) return made.name;
    const name = known.nameTest(slug, 'test');
    files.set(path, { kind: 'test', name, value: { name, kind: 'browser', scriptFile: path } });
    return name;
  };
  const around = { ledger, providers: known.providers, tests: known.tests };
  const nameJob = createNames();
  const jobDrafts = jobs.map((job, index) =>
    job === undefined ? undefined : jobDraft(job, index, { ...around, nameFor: nameJob, testOfFile }),
  );
  const nameMonitor = createNames();
  const monitorDrafts = monitors.map((monitor, index) =>
    monitor === undefined ? undefined : monitorDraft(monitor, index, { ...around, nameFor: nameMonitor }),
  );
  return [...files.values(), ...monitorDrafts, ...jobDrafts];
}

function rest(ledger: Ledger): void {
  const account = ledger.at([]);
  account.unneeded('tags', 'a tag is there where a thing has it; it has no colour');
  account.left('locations', 'locations are where executors run', 'run an executor at each');
  account.left('statusPages', 'there are no public status pages', 'use the console or build on the api');
  account.unneeded(['schemaVersion', 'project', 'api', 'testFiles'], 'how its command line finds things');
  const pages = ledger.at(['pagination']);
  pages.unneeded(['total', 'page', 'limit', 'totalPages', 'hasPrevPage'], 'of a page of a list');
  pages.left('hasNextPage', 'the list goes on', 'export the other pages too and name all files');
}
