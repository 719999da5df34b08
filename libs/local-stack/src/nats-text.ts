// Text in double quotes: never a number, never a $variable, and JSON's escapes are the ones it knows.
export const quote = (text: string) => JSON.stringify(text);

/** To the server an empty allow list means "everything", so "nothing" has to be said as a denial. */
export const permission = (subjects: readonly string[]) =>
  subjects.length === 0 ? '{ deny: [">"] }' : `{ allow: [${subjects.map(quote).join(', ')}] }`;
