export {
  type CronSchedule,
  cronProblem,
  isTimeZone,
  nextCronSlot,
  nextCronSlots,
  previousCronSlot,
} from './cron.js';
export {
  decideRuns,
  decideSlot,
  type FinishReason,
  type JobOfRun,
  type LiveRun,
  type RunDecision,
  type RunLimits,
  type StopReason,
} from './decide-runs.js';
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
  LONGEST_GRACE_SECONDS,
  onCadenceChanged,
  onDeadline,
  onReceived,
} from './heartbeat.js';
export {
  LONGEST_HEARTBEAT_SECONDS,
  longestIntervalSeconds,
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
} from './outcome.js';
export { type CronPlan, planCron } from './plan-cron.js';
export {
  type Occurrence,
  type PlanInput,
  planSlots,
  type SlotPlan,
} from './plan-slots.js';
export {
  ARTIFACT_KINDS,
  type Artifact,
  type ArtifactKind,
  FINISHED_RUN_STATUSES,
  type MadeRunTrigger,
  RUN_STATES,
  RUN_TRIGGERS,
  type RunCompleted,
  type RunCut,
  type RunDue,
  type RunMissed,
  type RunMissedReason,
  type RunQueued,
  type RunStarted,
  type RunState,
  type RunStatus,
  type RunTrigger,
  statusOfRun,
  TEST_KINDS,
  TEST_STATUSES,
  type TestKind,
  type TestResult,
  type TestStatus,
} from './run.js';
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
