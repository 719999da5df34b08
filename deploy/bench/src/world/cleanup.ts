const open = new Set<() => Promise<void>>();

/** Has `stop` called once: by whoever made it, or at the end of the bench whatever happened. */
export function stoppable(stop: () => Promise<void>): () => Promise<void> {
  const once = async () => {
    if (open.delete(once)) await stop();
  };
  open.add(once);
  return once;
}

/** Last started, first stopped. */
export async function stopEverything(): Promise<void> {
  for (const stop of [...open].toReversed())
    await stop().catch((error: unknown) => console.error('not stopped cleanly:', error));
}
