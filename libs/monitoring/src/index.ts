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
export { STATUSES, type Status, type StatusChanged, type TargetKind } from './status.js';
