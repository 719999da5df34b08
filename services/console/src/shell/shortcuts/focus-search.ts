/** Put on the search field of a list: `/` goes there. */
export const searchField = { 'data-search': '' } as const;

/** @returns false when the page has no search field of its own */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[data-search]');
  field?.focus();
  field?.select();
  return field !== null;
}
