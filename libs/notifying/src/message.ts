import type { AlertTarget, AlertType, Evidence, Severity } from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';

export type MessageEvent =
  | 'alert.raised'
  | 'alert.resolved'
  | 'alert.unmuted'
  | 'provider.test'
  | 'provider.failing';

/** One alert as the api shows it and as a webhook body carries it. */
export interface AlertView {
  readonly id: string;
  readonly targetId: string;
  readonly targetKind: string;
  readonly type: AlertType;
  readonly severity: Severity;
  readonly state: 'open' | 'resolved';
  readonly raisedAt: Instant;
  readonly since: Instant;
  readonly resolvedAt: Instant | null;
  readonly resolvedReason: string | null;
  readonly durationMs: number | null;
  readonly evidence: readonly Evidence[];
}

/** A monitor or job; or a provider, when it is what failed. */
export interface MessageTarget extends Omit<AlertTarget, 'kind'> {
  readonly kind: AlertTarget['kind'] | 'provider';
}

/** What is told, independent of how: every provider renders this one. */
export interface Message {
  readonly event: MessageEvent;
  readonly alert: AlertView;
  readonly target: MessageTarget;
  readonly project: string;
  readonly severity: Severity;
  /** one line: what happened to what, e.g. `shop is down` */
  readonly title: string;
  /** one or two sentences: what, since when, why, and on recovery how long it lasted */
  readonly text: string;
  /** the user's own words, variables already substituted; empty when none */
  readonly customText: string;
  /** label and value pairs in the order they should be shown */
  readonly fields: readonly { readonly label: string; readonly value: string }[];
  /** link to the alert's page; empty when no public URL is configured */
  readonly link: string;
  /** the variables of parity P24, for templates */
  readonly variables: Readonly<Record<string, string>>;
}
