import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventSchemas } from '@tocsin/contracts';
import { asyncApi } from './asyncapi.mjs';
import { OPEN_EVENTS } from './channels.mjs';
import { readModel } from './model.mjs';
import { eventShapes, eventTypes } from './typescript.mjs';

/** The generated files by their path. */
export function generated(root) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'libs/client/package.json'), 'utf8'));
  const open = readModel(root, OPEN_EVENTS);
  return {
    'proto/asyncapi.yaml': asyncApi(readModel(root, Object.keys(eventSchemas)), version),
    'libs/client/src/events.gen.ts': eventTypes(open),
    'libs/client/src/event-shapes.gen.ts': eventShapes(open),
  };
}
