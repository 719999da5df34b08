export { createEgress, type EgressOptions } from './create-egress.js';
export type {
  Connection,
  ConnectOptions,
  Egress,
  EgressRequest,
  EgressResponse,
  EgressTimings,
  PeerCertificateFacts,
  ResolvedAddress,
  ResolveOptions,
} from './egress.js';
export { EgressError, type EgressErrorCode, type EgressPhase } from './egress-error.js';
export { type EgressPolicy, type EgressPolicyOptions, egressPolicy } from './policy.js';
