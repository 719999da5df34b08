import type { SubscriberAccess } from '@tocsin/contracts';
import type { NatsUser } from '@tocsin/local-stack';

export interface ServiceSpec {
  name: string;
  /** the program, run by the Node that runs us */
  entry: string;
  /** its role in Postgres; none for a service without a database */
  databaseRole: string | undefined;
  /** gets the key that opens the providers' secrets */
  readsSecrets: boolean;
  /** has the port that people use, and writes the administrator's first token */
  isFront: boolean;
  /** stores or shows what runs leave behind */
  keepsArtifacts: boolean;
}

export interface ProvisionInput {
  natsUrl: string;
  databaseUrl: string;
  /** by role; undefined where the operator's own database is used under one identity */
  rolePasswords: Record<string, string> | undefined;
  /** what the operator may have said about streams and locations */
  env: NodeJS.ProcessEnv;
}

/** An identity that reads and is no service; its names at NATS and Postgres go to who runs the product. */
export interface Reader {
  name: string;
  access: SubscriberAccess;
  databaseRole: string;
}

/** What is run: the product, or in our own tests a few programs that stand in for it. */
export interface Deployment {
  services: ServiceSpec[];
  reader?: Reader;
  natsUsers: (passwords: Record<string, string>) => NatsUser[];
  provision: (input: ProvisionInput) => Promise<void>;
}
