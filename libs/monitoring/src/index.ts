export {
  decideStatus,
  initialStatus,
  type LocationState,
  outcomeOfRun,
  quorumSize,
  type StatusDecision,
  type StatusInput,
  type StatusReason,
  type StatusState,
  type StatusUnchangedReason,
  UNKNOWN_AFTER_ERRORS,
} from './decide-status.js';
export { createDueQueue, type DueQueue } from './due-queue.js';
export {
  type DeadlineDecision,
  type HeartbeatCadence,
  type HeartbeatState,
  initialDeadline,
  onCadenceChanged,
  onDeadline,
  onReceived,
} from './heartbeat.js';
export {
  MONITOR_KINDS,
  type MonitorKind,
  type MonitorSettings,
  QUORUM_STRATEGIES,
  type Quorum,
} from './monitor.js';
export type {
  CertificateInfo,
  CheckCompleted,
  CheckDue,
  CheckError,
  CheckMissed,
  CheckTimings,
  CheckTrigger,
  Outcome,
  RunCompleted,
  RunStatus,
} from './outcome.js';
export {
  type Occurrence,
  type PlanInput,
  planSlots,
  type SlotPlan,
} from './plan-slots.js';
export {
  type CatchUp,
  catchUp,
  type MissedSlots,
  nextSlotMs,
  phaseMs,
  type Schedule,
  slots,
} from './slots.js';
export { STATUSES, type Status, type StatusChanged, type TargetKind } from './status.js';
