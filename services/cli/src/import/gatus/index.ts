import { CommandError } from '../../errors.js';
import type { Importer } from '../importer.js';
import { createLedger } from '../ledger.js';
import { createNames } from '../names.js';
import { configSchema } from './config.js';
import { endpointDraft, externalDraft } from './endpoints.js';
import { withReferences } from './environment.js';
import { providersOf } from './providers.js';

const OWN = [
  'debug',
  'metrics',
  'skip-invalid-config-update',
  'disable-monitoring-lock',
  'concurrency',
  'storage',
  'web',
  'ui',
  'security',
];

export const gatus: Importer = {
  name: 'gatus',
  title: 'Gatus',
  files: 'its config.yaml, or all files of its configuration folder',

  recognise(content) {
    const config = (content ?? {}) as Record<string, unknown>;
    const keys = ['endpoints', 'external-endpoints', 'alerting', 'suites'];
    if (!keys.some((key) => key in config))
      throw new CommandError(`this is no configuration of Gatus: it has none of ${keys.join(', ')}`);
    return withReferences(config) as Record<string, unknown>;
  },

  map(source) {
    const ledger = createLedger(source);
    const config = configSchema.parse(source);
    const providers = providersOf(config.alerting ?? {}, ledger);
    const around = { ledger, providers, nameFor: createNames() };
    const endpoints = (config.endpoints ?? []).map((endpoint, index) =>
      endpoint === undefined ? undefined : endpointDraft(endpoint, index, around),
    );
    const external = (config['external-endpoints'] ?? []).map((endpoint, index) =>
      endpoint === undefined ? undefined : externalDraft(endpoint, index, around),
    );
    const rest = ledger.at([]);
    rest.unneeded(OWN, 'how Gatus itself runs');
    rest.left('suites', 'steps that use answers of each other', 'make api tests, and a job with them');
    rest.left('maintenance', 'no file says when maintenance is', 'make silences in the console or the api');
    rest.left('connectivity', 'whether the checker is online is no setting', 'use several locations');
    rest.left(
      'tunneling',
      'checks go straight to their target',
      'run an executor where targets can be reached',
    );
    rest.left('remote', 'other installations are not shown', 'import their files too');
    rest.left('announcements', 'there are no announcements', 'tell them elsewhere');
    rest.others(
      (key) => key.startsWith('x-') || key.startsWith('.'),
      'no key of Gatus: its anchors were read',
    );
    const drafts = [...endpoints, ...external].filter((draft) => draft !== undefined);
    return { drafts: [...providers.drafts, ...drafts], ledger };
  },
};
