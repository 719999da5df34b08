/** The names that a template may use (parity P24, and what we add to it). */
export const VARIABLE_NAMES = [
  'title',
  'message',
  'customMessage',
  'severity',
  'normalizedSeverity',
  'status',
  'monitorName',
  'targetName',
  'targetUrl',
  'targetId',
  'targetKind',
  'timestamp',
  'type',
  'projectName',
  'projectId',
  'responseTime',
  'errorMessage',
  'monitorType',
  'dashboardUrl',
  'alertAction',
  'eventAction',
  'pagerDutyEventAction',
  'victorOpsMessageType',
  'splunkOnCallMessageType',
  'dedupKey',
  'alertId',
  'reason',
  'duration',
  'durationMs',
  'since',
] as const;
export type VariableName = (typeof VARIABLE_NAMES)[number];

/** Always a whole number, 0 when there is none, so that a JSON template may use them without quotes. */
export const NUMERIC_VARIABLES: readonly VariableName[] = ['responseTime', 'durationMs'];
