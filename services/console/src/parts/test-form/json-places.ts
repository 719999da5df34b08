import { jsonLanguage } from '@codemirror/lang-json';

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

export interface Place {
  readonly from: number;
  readonly to: number;
}

/** Where in a JSON text a value is: `['steps', 0, 'url']`; the nearest one around it when it is not there. */
export function placeOf(text: string, path: readonly PropertyKey[]): Place {
  let node: Node | null = jsonLanguage.parser.parse(text).topNode.firstChild;
  let nearest: Place = { from: 0, to: Math.min(1, text.length) };
  for (const key of path) {
    const found: Found | undefined = node === null ? undefined : childOf(text, node, key);
    if (found === undefined) return nearest;
    nearest = found.shown;
    node = found.value;
  }
  return nearest;
}

interface Found {
  readonly value: Node | null;
  /** the name of a property whose value is long, else the value itself */
  readonly shown: Place;
}

function childOf(text: string, node: Node, key: PropertyKey): Found | undefined {
  if (node.name === 'Array') {
    const value = node.getChildren('Value').length > 0 ? undefined : itemsOf(node)[Number(key)];
    return value === undefined ? undefined : { value, shown: headOf(value) };
  }
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    if (name === null || unquoted(text.slice(name.from, name.to)) !== String(key)) continue;
    const value = property.lastChild;
    const isLeaf = value !== null && value.name !== 'Object' && value.name !== 'Array';
    return { value, shown: isLeaf ? { from: value.from, to: value.to } : { from: name.from, to: name.to } };
  }
  return undefined;
}

function itemsOf(array: Node): readonly Node[] {
  const items: Node[] = [];
  for (let child = array.firstChild; child !== null; child = child.nextSibling)
    if (!/^[[\],⚠]$/u.test(child.name)) items.push(child);
  return items;
}

const headOf = ({ name, from, to }: Node): Place =>
  name === 'Object' || name === 'Array' ? { from, to: from + 1 } : { from, to };

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

/** The first place that is no JSON. */
export function firstError(text: string): Place {
  let at: number | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) at ??= from;
    },
  });
  const from = Math.min(at ?? 0, Math.max(0, text.length - 1));
  return { from, to: from + 1 };
}

/** `line 4`, for people who do not count characters */
export const lineOf = (text: string, { from }: Place): number => text.slice(0, from).split('\n').length;
