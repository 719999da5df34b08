import type { Mask } from '../mask.js';
import type { ArtifactFile } from '../test-runner.js';

export interface Console {
  line(text: string): void;
  file(): ArtifactFile;
}

const MAX_BYTES = 1024 * 1024;

/** What a scenario says of itself, shown as it runs and kept. */
export function createConsole(mask: Mask, show: (text: string) => void): Console {
  const lines: string[] = [];
  let bytes = 0;
  return {
    line(text) {
      // By the line: nothing here is longer than one, so no secret lies across two.
      const masked = `${mask.text(text)}\n`;
      show(masked);
      bytes += Buffer.byteLength(masked);
      if (bytes <= MAX_BYTES) lines.push(masked);
    },
    file() {
      const content = Buffer.from(lines.join(''));
      return {
        name: 'console.txt',
        kind: 'console',
        contentType: 'text/plain; charset=utf-8',
        content: { bytes: content },
        size: content.length,
      };
    },
  };
}
