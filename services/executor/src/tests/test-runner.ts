import type { ArtifactKind, CheckError, TestKind, TestStatus } from '@tocsin/monitoring';

/** A test as the api hands it out. */
export interface TestMaterial {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly kind: TestKind;
  /** of that kind, not yet parsed: see `testKinds` of @tocsin/contracts */
  readonly definition: unknown;
}

export type OutputSource = 'stdout' | 'stderr';

export interface TestRunInput {
  readonly test: TestMaterial;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** for this attempt, however long its definition would allow it */
  readonly timeoutMs: number;
  /** aborted: the run was cancelled */
  readonly signal: AbortSignal;
  /** what the test says while it runs, secrets masked */
  readonly onOutput: (source: OutputSource, text: string) => void;
}

/** Something the test left behind; it stays where it is until `dispose`. */
export interface ArtifactFile {
  /** path within the test, e.g. `report/index.html` */
  readonly name: string;
  readonly kind: ArtifactKind;
  readonly contentType: string;
  readonly content: { readonly path: string } | { readonly bytes: Buffer };
  /** bytes */
  readonly size: number;
}

export interface TestOutcome {
  readonly status: Exclude<TestStatus, 'skipped'>;
  readonly durationMs: number;
  readonly error?: CheckError;
  readonly files: readonly ArtifactFile[];
  /** to be called once the files are stored: removes them */
  readonly dispose: () => Promise<void>;
}

/** Runs the tests of one kind. It never rejects: what goes wrong is an outcome. */
export interface TestRunner {
  readonly kind: TestKind;
  readonly run: (input: TestRunInput) => Promise<TestOutcome>;
}
