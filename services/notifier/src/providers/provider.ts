import type { Egress } from '@tocsin/egress';
import type { Instant } from '@tocsin/kernel';
import type { AttemptAnswer, Message, ProviderKind } from '@tocsin/notifying';

/** SMTP settings from the environment, used where an e-mail provider has none of its own. */
export interface SmtpDefaults {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly from: string;
}

export interface SendContext {
  /** the same on every attempt: the receiver's key against duplicates */
  readonly notificationId: string;
  readonly attempt: number;
  readonly now: Instant;
  readonly timeoutMs: number;
  readonly egress: Egress;
  readonly smtp: SmtpDefaults | undefined;
}

/** What became of one attempt. `retry` means not now; `permanent` means never with these settings. */
export type SendOutcome =
  | { readonly result: 'delivered'; readonly answer: AttemptAnswer }
  | {
      readonly result: 'retry';
      readonly answer: AttemptAnswer;
      readonly reason: string;
      /** the destination asked for this much patience */
      readonly retryAfterMs?: number | undefined;
    }
  | {
      readonly result: 'permanent';
      readonly answer: AttemptAnswer;
      readonly reason: string;
      /** the destination is gone for good (410): switch the provider off and show it */
      readonly disableProvider?: boolean | undefined;
    };

/** A way to reach people: how it renders, sends and reads the answer. Never throws for what the world does. */
export interface Provider<Config = unknown> {
  readonly kind: ProviderKind;
  /** sustained messages per second and burst that one destination accepts */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  send(message: Message, config: Config, context: SendContext): Promise<SendOutcome>;
}
