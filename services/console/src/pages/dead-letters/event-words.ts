const WORDS: Readonly<Record<string, string>> = {
  'alert.raised': 'Raised alert',
  'alert.resolved': 'Resolved alert',
  'alert.unmuted': 'Alert that is muted no more',
  'provider.failing': 'That another provider fails',
};

/** What was to be told; an event without words of its own is shown as it is called. */
export const eventWords = (event: string): string => WORDS[event] ?? event;

const REASONS: Readonly<Record<string, string>> = {
  permanent: 'The provider refused it for good',
  provider_disabled: 'The provider had been disabled, because it refused others for good',
  exhausted: 'No attempt worked, for hours',
};

export const reasonWords = (reason: string): string => REASONS[reason] ?? reason.replaceAll('_', ' ');
