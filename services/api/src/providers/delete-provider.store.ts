import type { AlertConfig } from '@tocsin/alerting';
import { DomainError, type Instant } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { requireRevision } from '../changes/revision.js';
import type { Call } from '../http/call.js';
import { lockJob, saveJob } from '../jobs/job.store.js';
import { lockMonitor, saveMonitor } from '../monitors/monitor.store.js';
import { removeSecrets } from '../secrets/secret.store.js';
import { lockProvider, usageOf } from './provider.store.js';
import { withoutProvider } from './without-provider.js';

/**
 * A provider in use is kept unless `force`: then everything that names it goes on without it, each as a revision of
 * its own, so that whoever folds the log sees no policy with a provider that is not there.
 * @throws DomainError `provider_in_use` naming who uses it
 */
export async function deleteProvider(tx: Tx, call: Call, force: boolean, now: Instant): Promise<void> {
  const { caller } = call;
  const { id, revision } = await lockProvider(tx, caller.project, call.id);
  requireRevision(call, revision);
  const { items } = await usageOf(tx, id);
  if (items.length > 0 && !force) throw inUse(items);

  const changed = (config: AlertConfig, before: number) => ({
    alert_config: withoutProvider(config, id),
    revision: before + 1,
    updated_at: now,
  });
  for (const user of items) {
    if (user.kind === 'monitor') {
      const row = await lockMonitor(tx, caller.project, user.id);
      await saveMonitor(tx, caller, { ...row, ...changed(row.alert_config, row.revision) });
    } else {
      const row = await lockJob(tx, caller.project, user.id);
      await saveJob(tx, caller, { ...row, ...changed(row.alert_config, row.revision) });
    }
  }

  await tx.deleteFrom('config.notification_providers').where('id', '=', id).execute();
  await removeSecrets(tx, id);
  const change = { providerId: id, revision: revision + 1 };
  await recordChanges(tx, [configEvent('ProviderDeleted', { kind: 'provider', id }, caller, now, change)]);
}

const SHOWN = 5;

function inUse(items: readonly { readonly kind: string; readonly name: string }[]): DomainError {
  const names = items.slice(0, SHOWN).map(({ kind, name }) => `${kind} "${name}"`);
  const more = items.length > SHOWN ? ` and ${items.length - SHOWN} more` : '';
  return new DomainError(
    'provider_in_use',
    `it is used by ${names.join(', ')}${more}: take it out there first, or delete it with ?force=true`,
  );
}
