/**
 * A sandboxed page has no storage, and a report of Playwright shows nothing at all when it may not even ask for it: it is
 * given one that forgets.
 */
const STORAGE =
  "<script>try{void localStorage}catch{Object.defineProperty(window,'localStorage',{value:{}})}</script>";
const HEAD = Buffer.from('<head>');
/** A head that begins later than this is none of ours. */
const LOOKED_AT = 16 * 1024;

/** The page as it can be shown in a sandbox. */
export async function* sandboxedReport(page: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of page) {
    if (begun === undefined) {
      yield piece;
      continue;
    }
    begun = Buffer.concat([begun, piece]);
    const at = begun.indexOf(HEAD);
    if (at === -1 && begun.length < LOOKED_AT) continue;
    yield* at === -1 ? [begun] : withStorage(begun, at + HEAD.length);
    begun = undefined;
  }
  if (begun !== undefined) yield begun;
}

const withStorage = (page: Buffer, at: number): Buffer[] => [
  page.subarray(0, at),
  Buffer.from(STORAGE),
  page.subarray(at),
];
