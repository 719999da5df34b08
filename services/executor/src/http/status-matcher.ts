import { parseStatusCodes } from '@tocsin/contracts';

/** Nearly all monitors expect one of a handful of lists. */
const matchers = new Map<string, ReturnType<typeof parseStatusCodes>>();

/** @param codes as `200-299,301` */
export function isExpectedStatus(codes: string, status: number): boolean {
  let matcher = matchers.get(codes);
  if (matcher === undefined) {
    matcher = parseStatusCodes(codes);
    if (matchers.size >= 1_000) matchers.clear();
    matchers.set(codes, matcher);
  }
  return matcher?.(status) === true;
}
