/**
 * Whether the database could not do it now, as opposed to never with this input: connection trouble, shutdown,
 * lack of room or memory, and lost races. SQLSTATE classes of the PostgreSQL manual, appendix A.
 */
export function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string') {
    const message = error instanceof Error ? error.message : '';
    return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    );
  }
  if (/^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(code)) return true;
  return /^(08|40|53|57P|55P03|58)/.test(code);
}
