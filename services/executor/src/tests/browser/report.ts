import { createHash } from 'node:crypto';
import { strFromU8, strToU8 } from 'fflate';
import type { Mask } from '../mask.js';
import { changeEntries } from './archive.js';
import { maskFile } from './mask-file.js';

/** A file of the report and what it is kept as. */
export interface Attached {
  /** path within the artifacts of the test */
  readonly name: string;
  /** what the report has of it: shown without another request */
  readonly inline?: { readonly contentType: string; readonly bytes: Buffer } | undefined;
}

/** By the sum of their content: so the report names what it attaches. */
export type AttachedBySum = ReadonlyMap<string, Attached>;

export const sumOf = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

const BEFORE = '<template id="playwrightReportBase64">data:application/zip;base64,';
const AFTER = '</template>';

/**
 * The HTML report as one file that can be shown by itself: without secrets, with its pictures inside, and with links to
 * the other artifacts instead of to files next to it.
 * @throws Error when it is none of Playwright's reports
 */
export async function finishReport(html: Buffer, mask: Mask, attached: AttachedBySum): Promise<Buffer> {
  const text = html.toString('latin1');
  const from = text.lastIndexOf(BEFORE);
  const to = text.indexOf(AFTER, from);
  if (from < 0 || to < 0) throw new Error('it holds no data');
  const data = Buffer.from(text.slice(from + BEFORE.length, to), 'base64');
  const finished = await changeEntries(data, (name, content) => {
    const masked = maskFile(name, Buffer.from(content.buffer, content.byteOffset, content.byteLength), mask);
    // Pictures in base64 are put in afterwards: what looks like a secret in them is none.
    const parsed: unknown = JSON.parse(strFromU8(masked));
    return strToU8(JSON.stringify(relink(parsed, attached)));
  });
  return Buffer.concat([
    mask.bytes(html.subarray(0, from)),
    Buffer.from(BEFORE + finished.toString('base64')),
    mask.bytes(html.subarray(to)),
  ]);
}

const DATA_PATH = /^data\/([0-9a-f]{40})(?:\.\w+)?$/;

function relink(value: unknown, attached: AttachedBySum): unknown {
  if (Array.isArray(value)) return value.map((item) => relink(item, attached));
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, relink(item, attached)]),
  );
  const sum = typeof changed.path === 'string' ? DATA_PATH.exec(changed.path)?.[1] : undefined;
  if (sum === undefined) return changed;
  const found = attached.get(sum);
  if (found === undefined) return changed;
  const { name, inline } = found;
  return {
    ...changed,
    // The report would open a trace in a viewer that is not there.
    name: changed.name === 'trace' ? 'trace.zip' : changed.name,
    path: inline === undefined ? `../${name}` : dataUrl(inline),
  };
}

const dataUrl = ({ contentType, bytes }: NonNullable<Attached['inline']>) =>
  `data:${contentType};base64,${bytes.toString('base64')}`;
