import { type ConfigSchema, monitorKinds, providerKinds } from '@tocsin/contracts';
import { MASK, maskSecrets } from '@tocsin/http-api';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import { KINDS, type Kind } from './document.js';
import { asList, asObject, asText } from './json.js';

/** A thing in the form of a document, as JSON. */
export type Named = JsonObject & { readonly name: string };

/** A thing that is there. */
export interface Existing {
  readonly id: string;
  readonly revision: number;
  /** set of files that owns it */
  readonly managedBy: string | undefined;
  /** as a document would have it, secrets masked */
  readonly thing: Named;
  /** what files do not say and an update leaves as it is */
  readonly mutedUntil: string | undefined;
}

export type Current = Readonly<Record<Kind, readonly Existing[]>>;
export type Views = Readonly<Record<Kind, readonly JsonObject[]>>;

/** What the api shows, in the form of documents. */
export function currentOf(views: Views): Current {
  const nameOf = (kind: Kind) => {
    const names = new Map(views[kind].map(({ id, name }) => [id, name]));
    return (id: JsonValue): JsonValue => names.get(id) ?? id;
  };
  const provider = nameOf('provider');
  const test = nameOf('test');
  const thingOf: Record<Kind, (view: JsonObject) => JsonObject> = {
    variable: ({ name, value, secret, description }) =>
      given({ name, ...(secret === true ? { secret: MASK } : { value }), description }),
    provider: ({ name, type, enabled, config }) => given({ name, type, enabled, config }),
    test: ({ name, kind, definition, description, tags }) =>
      given({ name, kind, definition, description, tags }),
    monitor: (view) => {
      const { name, type, target, intervalSeconds, enabled, locations, quorum, description, tags } = view;
      const fields = { name, type, target, intervalSeconds, enabled, locations, quorum, description, tags };
      return given({ ...fields, config: settings(view), alertConfig: alerts(view) });
    },
    job: (view) => {
      const { name, enabled, description, tags, cron, timeZone, timeoutSeconds, retries } = view;
      const { allowOverlap, location } = view;
      const fields = { name, enabled, description, tags, cron, timeZone, timeoutSeconds, retries };
      const tests = asList(view.tests).map(test);
      return given({ ...fields, allowOverlap, location, tests, alertConfig: alerts(view) });
    },
  };

  function settings({ type, config }: JsonObject): JsonObject {
    if (type !== 'synthetic_test') return asObject(config);
    const { testId, ...fields } = asObject(config);
    return { test: test(testId ?? ''), ...fields };
  }

  function alerts({ alertConfig }: JsonObject): JsonObject {
    const { mutedUntil: _, notificationProviders, ...fields } = asObject(alertConfig);
    return { ...fields, notificationProviders: asList(notificationProviders).map(provider) };
  }

  const existing =
    (kind: Kind) =>
    (view: JsonObject): Existing => {
      const { mutedUntil } = asObject(view.alertConfig);
      return {
        id: asText(view.id),
        revision: Number(view.revision),
        managedBy: typeof view.managedBy === 'string' ? view.managedBy : undefined,
        thing: thingOf[kind](view) as Named,
        mutedUntil: typeof mutedUntil === 'string' ? mutedUntil : undefined,
      };
    };
  return Object.fromEntries(
    KINDS.map((kind) => [kind, views[kind].map(existing(kind))]),
  ) as unknown as Current;
}

/** A thing of a document as it may be shown. */
export function masked(kind: Kind, thing: Named): Named {
  return secretsOf(kind, thing).reduce<JsonObject>(
    (shown, path) => maskSecrets(shown, [path]),
    thing,
  ) as Named;
}

/** Paths of its secrets. */
export function secretsOf(kind: Kind, thing: JsonObject): readonly (readonly string[])[] {
  if (kind === 'variable') return thing.secret === undefined ? [] : [['secret']];
  if (kind !== 'provider' && kind !== 'monitor') return [];
  const type = asText(thing.type);
  if (type === 'synthetic_test') return [];
  const kinds: Readonly<Record<string, ConfigSchema<unknown>>> =
    kind === 'provider' ? providerKinds : monitorKinds;
  const paths = kinds[type]?.secretPaths(asObject(thing.config)) ?? [];
  return paths.map((path) => ['config', ...path]);
}

const given = (fields: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
