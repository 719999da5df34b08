import { CommandError } from '../../errors.js';

type Item = Record<string, unknown>;

const PROVIDERS = new Set(['email', 'slack', 'webhook', 'telegram', 'discord', 'teams']);
const LISTS = ['monitors', 'jobs', 'tests', 'notificationProviders', 'variables', 'tags', 'locations'];

/** What one resource is: the lists of the api do not say it. */
const TELLING: readonly (readonly [list: string, is: (item: Item) => boolean])[] = [
  ['monitors', (item) => 'frequencyMinutes' in item || 'target' in item],
  ['jobs', (item) => 'cronSchedule' in item || 'jobType' in item],
  ['tests', (item) => 'script' in item || 'priority' in item],
  ['notificationProviders', (item) => 'config' in item && PROVIDERS.has(String(item.type))],
  ['variables', (item) => 'isSecret' in item || 'key' in item],
  ['tags', (item) => 'color' in item],
  ['locations', (item) => 'region' in item],
];

/**
 * What `supercheck … list --json` and `get --json` print, or `supercheck config print`, as one shape.
 * @throws CommandError when it is neither
 */
export function recognise(content: unknown): Record<string, unknown> {
  if (Array.isArray(content)) return listed(content);
  if (!isItem(content)) throw unrecognised();
  const { tests, ...others } = content;
  if (LISTS.some((list) => list in content))
    return isItem(tests) ? { ...others, testFiles: tests } : { ...content };
  const { data, success: _, ...around } = content;
  if (Array.isArray(data)) return { ...around, ...listed(data) };
  return listed([isItem(data) ? data : content]);
}

function listed(items: readonly unknown[]): Record<string, unknown> {
  const lists: Record<string, unknown[]> = {};
  for (const item of items) {
    const list = isItem(item) ? TELLING.find(([, is]) => is(item))?.[0] : undefined;
    if (list === undefined) throw unrecognised();
    lists[list] = [...(lists[list] ?? []), item];
  }
  return lists;
}

const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unrecognised = () =>
  new CommandError(
    'this is nothing that Supercheck prints: give what "supercheck monitor list --json" and its like print, or "supercheck config print"',
  );
