export interface PingSummary {
  readonly sent: number;
  readonly received: number;
  /** round trip in milliseconds; absent when nothing came back */
  readonly averageMs?: number | undefined;
}

/** Reads the last lines of iputils, BusyBox and BSD ping alike; undefined when there are none. */
export function readPing(output: string): PingSummary | undefined {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ?? [];
  if (sent === undefined || received === undefined) return undefined;
  const average = /min\/avg\/max[^=]*= *[\d.]+\/([\d.]+)\//.exec(output)?.[1];
  return {
    sent: Number(sent),
    received: Number(received),
    averageMs: average === undefined ? undefined : Number(average),
  };
}
