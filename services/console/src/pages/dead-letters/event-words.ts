const WORDS: Readonly<Record<string, string>> = {
  AlertRaised: 'An alert that was raised',
  AlertResolved: 'An alert that was resolved',
  AlertAcknowledged: 'An alert that was acknowledged',
};

/** An event of an alert, in words; one without its own is shown as it is called. */
export const eventWords = (event: string): string => WORDS[event] ?? event;
