/** In their order, together as long as they weigh no more than `most`; what weighs more by itself is alone. */
export function portionsOf<Item>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
  most: number,
): Item[][] {
  const portions: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const weight = weightOf(item);
    const last = portions.at(-1);
    if (last === undefined || weight > room) {
      portions.push([item]);
      room = most - weight;
    } else {
      last.push(item);
      room -= weight;
    }
  }
  return portions;
}
