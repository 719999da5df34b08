import type { Draft } from '../draft.js';
import type { Account, Ledger, Thing } from '../ledger.js';
import { settings } from '../mapping.js';
import { cleanTags, type NameFor } from '../names.js';
import { IDS } from './monitors.js';
import type { SupercheckTest } from './resources.js';

interface Surroundings {
  readonly ledger: Ledger;
  readonly nameFor: NameFor;
}

/** All its types but one are scripts for Playwright. */
export function testDraft(
  test: SupercheckTest,
  index: number,
  { ledger, nameFor }: Surroundings,
): Draft | undefined {
  const called = test.title ?? test.name ?? '';
  const whole = ledger.at(['tests']);
  if (test.type === 'performance') {
    whole.left([index], `"${called}" is a script for k6`, 'run it by k6 and report it as a run of a job');
    return undefined;
  }
  if (test.script === undefined || test.script === '') {
    const todo = 'export it with its script: supercheck test get ID --include-script --json';
    whole.left([index], `"${called}" came without its script`, todo);
    return undefined;
  }
  const name = nameFor(called, `test ${index + 1}`);
  const thing: Thing = { kind: 'test', name };
  const account = ledger.at(['tests', index], thing);
  namesOf(test, name, account);
  account.changed('type', 'kind', `${test.type ?? 'browser'} is a browser test: a script for Playwright`);
  account.changed('priority', 'tags', 'as a tag');
  account.changed('tags', 'tags', 'by their names');
  account.carried('description', 'description');
  account.unneeded(IDS, 'not a setting');
  const script = scriptOf(test.script);
  if (script === test.script) account.carried('script', 'definition.script');
  else account.changed('script', 'definition.script', 'decoded from base64');
  const priority = test.priority === undefined ? [] : [`priority: ${test.priority}`];
  const tags = cleanTags([...priority, ...(test.tags ?? []).flatMap((tag) => tag ?? [])]);
  const value = settings({
    name,
    kind: 'browser',
    definition: { script },
    description: test.description === '' ? undefined : test.description,
    tags: tags.length === 0 ? undefined : tags,
  });
  return { ...thing, value };
}

function namesOf({ title, name: given }: SupercheckTest, name: string, account: Account): void {
  const key = title === undefined ? 'name' : 'title';
  if ((title ?? given) === name) account.carried(key, 'name');
  else account.changed(key, 'name', 'a name stands for one thing');
  if (key === 'title') account.unneeded('name', 'the title is the name');
}

/** The database of Supercheck has scripts in base64. */
function scriptOf(text: string): string {
  if (!/^[A-Za-z0-9+/]{24,}={0,2}$/.test(text) || text.length % 4 !== 0) return text;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return decoded.includes('\uFFFD') ? text : decoded;
}

const FILE = /([^/]+?)(?:\.([0-9a-f-]{36}))?\.pw\.[jt]s$/;

/** A job of `supercheck.config.ts` names the files of its tests, which have the id in their names. */
export function fileOf(path: string): { readonly id: string | undefined; readonly slug: string } | undefined {
  const [, slug, id] = FILE.exec(path) ?? [];
  return slug === undefined ? undefined : { id, slug };
}
