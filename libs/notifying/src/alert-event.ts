import type { AlertRaised, AlertResolved, AlertUnmuted } from '@tocsin/alerting';

/** The alert events that people may hear of, with the name they have on the log. */
export type TellableEvent =
  | { readonly type: 'alert.raised'; readonly data: AlertRaised }
  | { readonly type: 'alert.unmuted'; readonly data: AlertUnmuted }
  | { readonly type: 'alert.resolved'; readonly data: AlertResolved };
