import type { Api } from '../api/api.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * The one thing of a list that is called so, or has this id.
 * @param route of the list
 * @param noun for messages: `monitor`
 * @throws CommandError when there is none, or more than one of that name
 */
export async function findByName<Item extends Named>(
  api: Api,
  route: string,
  noun: string,
  nameOrId: string,
): Promise<Item> {
  const found: Item[] = [];
  const byId = UUID.test(nameOrId);
  for await (const item of api.all<Item>(route)) {
    if (byId ? item.id === nameOrId.toLowerCase() : item.name === nameOrId) found.push(item);
  }
  const [only] = found;
  if (only === undefined) throw new CommandError(`there is no ${noun} "${nameOrId}"`, EXIT.refused);
  if (found.length > 1)
    throw new CommandError(
      `${found.length} ${noun}s are called "${nameOrId}": say which by id: ${found.map(({ id }) => id).join(', ')}`,
    );
  return only;
}

/** Up to so many of a list. */
export async function take<Item>(items: AsyncIterable<Item>, limit: number): Promise<Item[]> {
  const taken: Item[] = [];
  if (limit === 0) return taken;
  for await (const item of items) {
    taken.push(item);
    if (taken.length === limit) break;
  }
  return taken;
}
