import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import type { Mask } from '../mask.js';
import type { OutputSource, TestRunInput } from '../test-runner.js';

/** What a test says: shown while it runs, and kept for later. */
export interface TestConsole {
  readonly push: (source: OutputSource, bytes: Buffer) => void;
  /** a line of ours */
  readonly note: (text: string) => void;
  /** for those who look why it did not even start */
  readonly lastLine: () => string;
  /** @returns all of it, or its beginning and its end */
  readonly end: () => Buffer;
}

const HALF_KEPT = 512 * 1024;

export function createConsole(
  mask: Mask,
  shownBytes: number,
  onOutput: TestRunInput['onOutput'],
): TestConsole {
  const kept = keepEnds(HALF_KEPT);
  let shown = 0;
  const show = (source: OutputSource, text: string) => {
    if (text === '') return;
    kept.push(text);
    if (shown > shownBytes) return;
    shown += Buffer.byteLength(text);
    onOutput(source, text);
    if (shown > shownBytes) onOutput('stderr', '\n[the test says more than is shown here]\n');
  };
  const sources = { stdout: readSource(mask), stderr: readSource(mask) };
  const finish = () => {
    for (const source of ['stdout', 'stderr'] as const) show(source, sources[source].end());
  };
  return {
    push: (source, bytes) => show(source, sources[source].push(bytes)),
    note(text) {
      finish();
      const line = `[${mask.text(text)}]\n`;
      kept.push(line);
      onOutput('stderr', line);
    },
    lastLine() {
      finish();
      return kept.all().toString().trimEnd().split('\n').at(-1) ?? '';
    },
    end() {
      finish();
      return kept.all();
    },
  };
}

function readSource(mask: Mask) {
  const decoder = new StringDecoder('utf8');
  const stream = mask.stream();
  return {
    // Colours first: with them inside, a secret would not look like itself.
    push: (bytes: Buffer) => stream.push(stripVTControlCharacters(decoder.write(bytes))),
    end: () => stream.push(decoder.end()) + stream.end(),
  };
}

/** Failures are told at the end, what led to them at the beginning. */
function keepEnds(most: number) {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let dropped = false;
  return {
    push(text: string) {
      const bytes = Buffer.from(text);
      const room = most - head.length;
      if (room > 0) head = Buffer.concat([head, bytes.subarray(0, room)]);
      tail = Buffer.concat([tail, bytes.subarray(Math.max(0, room))]);
      if (tail.length <= most) return;
      tail = tail.subarray(-most);
      dropped = true;
    },
    all: () => Buffer.concat(dropped ? [head, Buffer.from('\n[…]\n'), tail] : [head, tail]),
  };
}
