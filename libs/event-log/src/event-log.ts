import type { NewEvent, StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';

/** A message as the stream keeps it, not yet believed. */
export interface StoredMessage {
  readonly stream: StreamName;
  readonly sequence: number;
  readonly subject: string;
  /** when the stream took it */
  readonly storedAt: Instant;
  /** `''` when absent */
  readonly header: (name: string) => string;
  readonly headers: () => Record<string, string>;
  readonly body: () => string;
}

export interface StreamState {
  /** another time means another stream of the same name */
  readonly createdAt: Instant;
  readonly firstSequence: number;
  /** 0 when nothing was ever published */
  readonly lastSequence: number;
}

export interface Published {
  readonly sequence: number;
  /** the stream had this id already: a repeat of ours, or somebody's mistake */
  readonly duplicate: boolean;
}

export interface ReadOptions {
  readonly stream: StreamName;
  readonly subjects: readonly string[];
  readonly from: { readonly sequence: number } | { readonly time: Instant };
  /** ends the reading */
  readonly signal: AbortSignal;
}

/** In stream order, without gaps, across reconnects; never ends by itself. */
export interface LogReader extends AsyncIterable<StoredMessage> {
  /** whether everything the stream held for these subjects has been handed out */
  isDrained(): Promise<boolean>;
}

export interface PageOptions extends Omit<ReadOptions, 'signal'> {
  /** messages at most; 0 to count alone */
  readonly limit: number;
}

export interface Page {
  readonly messages: readonly StoredMessage[];
  /** what the stream held for these subjects behind the page when it was asked */
  readonly remaining: number;
}

/** The streams, seen by those who write and read events. The in-memory twin passes the same suite. */
export interface EventLog {
  /**
   * Appends, and repeats until there is a definite answer: the same id makes a repeat harmless.
   * @throws PermanentError when the log will never take it (too large, no stream for the subject)
   * @throws the signal's reason when aborted first
   */
  publish(event: NewEvent, options?: { readonly signal?: AbortSignal }): Promise<Published>;
  read(options: ReadOptions): LogReader;
  /** What the stream holds from there on, now, and how much more: for readers too many to read all the time. */
  page(options: PageOptions): Promise<Page>;
  describe(stream: StreamName): Promise<StreamState>;
  /** undefined when the stream does not hold this sequence */
  messageAt(stream: StreamName, sequence: number): Promise<StoredMessage | undefined>;
}
