export interface EndpointRef {
  readonly host: string;
  readonly port: number;
}

export interface EgressPolicyOptions {
  /** monitors may look into private networks, providers may not, unless `allowPrivate` says otherwise */
  readonly purpose: 'monitor' | 'provider';
  /** CIDRs permitted on top of the defaults */
  readonly allow: readonly string[];
  /** CIDRs refused whatever `allow` says */
  readonly deny?: readonly string[] | undefined;
  readonly allowPrivate?: boolean | undefined;
  /** the platform's own NATS, Postgres and API: never a destination */
  readonly ownEndpoints: readonly EndpointRef[];
}

export interface EgressPolicy {
  readonly purpose: 'monitor' | 'provider';
  readonly ownEndpoints: readonly EndpointRef[];
}

export function egressPolicy(options: EgressPolicyOptions): EgressPolicy {
  return options;
}
