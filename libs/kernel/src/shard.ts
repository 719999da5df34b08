/** The last hex digit of an entity's uuid: sixteen fixed shards that anyone can compute (design section 2). */
export type Shard =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f';

export const ALL_SHARDS: readonly Shard[] = '0123456789abcdef'.split('') as Shard[];
export const SHARD_COUNT = ALL_SHARDS.length;

/** @throws RangeError when the id does not end in a hex digit */
export function shardOf(id: string): Shard {
  const last = id.slice(-1).toLowerCase();
  if (!ALL_SHARDS.includes(last as Shard)) throw new RangeError(`not a uuid: ${id}`);
  return last as Shard;
}

/** 0 to 15. */
export function shardIndex(shard: Shard): number {
  return Number.parseInt(shard, 16);
}
