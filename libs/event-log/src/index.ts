export { type BrokenLink, chainHash, GENESIS, verifyChains } from './chain.js';
export { ProjectionContext, type WorkContext, WorkerContext } from './contexts.js';
export { decodeStored } from './decode-stored.js';
export { type Append, appendEvents, createEventTable, wakeChannel } from './event.store.js';
export type {
  EventLog,
  LogReader,
  Page,
  PageOptions,
  Published,
  ReadOptions,
  StoredMessage,
  StreamState,
} from './event-log.js';
export type { EventRow, EventTable } from './event-table.js';
export type { Hosted } from './hosted.js';
export { createInMemoryLog, type InMemoryLog } from './in-memory-log.js';
export { createJetStreamLog } from './jetstream.log.js';
export { JetStreamStrategy } from './jetstream.strategy.js';
export { type OfflineTools, offline } from './offline.command.js';
export type {
  Fold,
  FoldContext,
  InputEvent,
  Projection,
  ProjectionHostOptions,
  ProjectionInput,
} from './projection.js';
export { projectionHost, runProjection } from './projection.runner.js';
export { createProjectionTables } from './projection.store.js';
export { type RebuildOptions, startRebuild } from './rebuild.js';
export { type RelayOptions, runRelay } from './relay.loop.js';
export { createProgress } from './replay/progress.js';
export { replay, replayCommand } from './replay/replay.command.js';
export type { ReplayOptions } from './replay/replay-options.js';
export {
  couldNot,
  type Replayable,
  type ReplayProjection,
  type ReplayTable,
  type Round,
  type SwapSchemas,
} from './replay/replayable.js';
export type { ReplayReport } from './replay/report.js';
export type { ReplayTools } from './replay/shadow-fold.js';
export { after, migrated, type SchemaOptions } from './schema.loop.js';
export { type WorkerOptions, workerHost } from './work-queue.worker.js';
