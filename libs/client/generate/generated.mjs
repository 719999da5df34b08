import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventSchemas } from '@tocsin/contracts';
import { asyncApi } from './asyncapi.mjs';
import { OPEN_EVENTS } from './channels.mjs';
import { readModel } from './model.mjs';
import { eventShapes, eventTypes } from './typescript.mjs';

const formatted = (root, file, text) =>
  execFileSync(
    path.join(root, 'node_modules/.bin/biome'),
    ['check', '--write', `--stdin-file-path=${file}`],
    {
      cwd: root,
      input: text,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );

/** The generated files by their path. */
export function generated(root) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'libs/client/package.json'), 'utf8'));
  const open = readModel(root, OPEN_EVENTS);
  return {
    'proto/asyncapi.yaml': asyncApi(readModel(root, Object.keys(eventSchemas)), version),
    ...Object.fromEntries(
      [
        ['libs/client/src/events.gen.ts', eventTypes(open)],
        ['libs/client/src/event-shapes.gen.ts', eventShapes(open)],
      ].map(([file, text]) => [file, formatted(root, file, text)]),
    ),
  };
}
