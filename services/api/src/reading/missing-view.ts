/**
 * 42P01 undefined_table, 3F000 invalid_schema_name: the service that owns the view has never been started here. 42703
 * undefined_column: not since this release.
 */
const ABSENT = new Set(['42P01', '3F000', '42703']);

/**
 * What a query over another service's view says, or `absent` as long as there is no such view. Not inside a
 * transaction that goes on: a missing table ends it.
 */
export async function unlessMissing<T>(query: Promise<T>, absent: T): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (ABSENT.has(String((error as { code?: unknown } | undefined)?.code))) return absent;
    throw error;
  }
}
