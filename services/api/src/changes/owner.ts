import { mergePatch } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';

/** What configuration files may own. */
export interface Owned {
  /** their set; null: it is kept by hand */
  readonly managed_by: string | null;
}

/** Left out, it stays as it was: whoever edits what files own does not disown it. */
export const ownerOf = (
  { managedBy }: { readonly managedBy?: string | null | undefined },
  before: Owned | undefined,
): string | null => (managedBy === undefined ? (before?.managed_by ?? null) : managedBy);

export const ownedBy = ({ managed_by: managedBy }: Owned): { readonly managedBy?: string } =>
  managedBy === null ? {} : { managedBy };

/** A PATCH merged into what is stored. That nobody owns it any more is said, not left out. */
export const patched = (shown: JsonObject, patch: unknown): JsonObject => ({
  ...mergePatch(shown, patch as JsonObject),
  ...((patch as JsonObject).managedBy === null ? { managedBy: null } : {}),
});
