import type { Egress } from './egress.js';
import type { EgressPolicy } from './policy.js';

export function createEgress(_policy: EgressPolicy): Egress {
  throw new Error('not yet');
}
