/** Events that other systems may subscribe to: those of ALERTS and STATUS. */
export const SUBSCRIBED_TYPES = [
  'AlertRaised',
  'AlertUnmuted',
  'AlertResolved',
  'AlertAcknowledged',
  'PolicyChanged',
  'StatusChanged',
] as const;
export type SubscribedType = (typeof SUBSCRIBED_TYPES)[number];
