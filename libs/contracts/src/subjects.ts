import { type Shard, shardOf } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';

/** Every subject of the product is spelled here and nowhere else. */

export type ConfigKind =
  | 'monitor'
  | 'job'
  | 'test'
  | 'variable'
  | 'subscription'
  | 'provider'
  | 'ack'
  | 'redrive'
  | 'run'
  | 'cancel';
export type ResultKind = 'monitor' | 'heartbeat' | 'job';
export type AlertVerb = 'raised' | 'unmuted' | 'resolved' | 'acknowledged' | 'policy';
export type DeliveryVerb = 'delivered' | 'failed' | 'muted';

export const subjects = {
  config: (project: string, kind: ConfigKind, id: string) => `config.${project}.${kind}.${id}`,
  checkDue: (location: string, kind: string, id: string) => `check.due.${location}.${kind}.${id}`,
  /** by run, not by job: each run that was admitted is made */
  runDue: (location: string, runId: string) => `run.due.${location}.${runId}`,
  result: (project: string, kind: ResultKind, id: string) => `result.${shardOf(id)}.${project}.${kind}.${id}`,
  status: (project: string, kind: TargetKind, id: string) => `status.${project}.${kind}.${id}`,
  alert: (project: string, kind: TargetKind, id: string, verb: AlertVerb) =>
    `alert.${project}.${kind}.${id}.${verb}`,
  delivery: (project: string, providerKind: string, providerId: string, verb: DeliveryVerb) =>
    `delivery.${project}.${providerKind}.${providerId}.${verb}`,
  /** what a run says while it runs: no event, kept for a day */
  output: (project: string, runId: string) => `output.${project}.${runId}`,
  /** how far a subscriber is: no event, its last word counts */
  position: (subscriber: string) => `position.${subscriber}`,
  /** where what a project's subscribers may hear is said again once they can read it */
  stored: (project: string, subject: string) => `stored.${project}.${subject}`,
} as const;

/** Filters a reader subscribes with. */
export const filters = {
  allConfig: 'config.>',
  checksAt: (location: string) => `check.due.${location}.>`,
  runsAt: (location: string) => `run.due.${location}.>`,
  /**
   * For those who own shards too, and drop what is not theirs: the server looks up one filter at a time, and with two or
   * more it was measured to take 0.4 ms for each message instead of 4 µs.
   */
  allResults: 'result.>',
  resultsOf: (shard: Shard) => `result.${shard}.>`,
  allHeartbeats: 'result.*.*.heartbeat.*',
  allRuns: 'result.*.*.job.*',
  allStatus: 'status.>',
  statusOf: (project: string) => `status.${project}.>`,
  allAlerts: 'alert.>',
  alertsOf: (project: string) => `alert.${project}.>`,
  alertsOfVerb: (project: string, verb: AlertVerb) => `alert.${project}.*.*.${verb}`,
  allDeliveries: 'delivery.>',
  deliveriesOf: (project: string) => `delivery.${project}.>`,
  /** what a subscriber of the project may hear */
  publicOf: (project: string) => [`alert.${project}.>`, `status.${project}.>`],
  allPositions: 'position.*',
} as const;

/** Request/reply, core NATS: the answer is for the asker alone. */
export const requests = {
  /** notifier: try this provider now */
  testProvider: 'rpc.notifier.test-provider',
  /** notifier: send a ping to this subscription now */
  testSubscription: 'rpc.notifier.test-subscription',
  /** executor: make this check now and do not record it */
  testCheck: (location: string) => `rpc.executor.${location}.test-check`,
  /** api: the secret of a monitor at a version */
  monitorSecret: 'rpc.api.monitor-secret',
  /** api: a test with the variables and secrets it may use */
  testMaterial: 'rpc.api.test-material',
  /** executors of a location: end this run */
  cancelRun: (location: string) => `rpc.executor.${location}.cancel-run`,
} as const;
