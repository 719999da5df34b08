import type { Command } from 'commander';
import { applyCommand, planCommand } from './as-code/apply.command.js';
import { driftCommand } from './as-code/drift.command.js';
import { exportCommand } from './as-code/export.command.js';
import { schemaCommand } from './as-code/schema.command.js';
import { validateCommand } from './as-code/validate.command.js';
import { completionCommand } from './completion/completion.command.js';
import type { Context } from './context.js';
import { alertCommands } from './everyday/alerts.command.js';
import { auditCommand } from './everyday/audit.command.js';
import { jobCommands } from './everyday/jobs.command.js';
import { monitorCommands } from './everyday/monitors.command.js';
import { providerCommands } from './everyday/providers.command.js';
import { statusCommand } from './everyday/status.command.js';
import { explainCommand } from './explain/explain.command.js';
import { importCommands } from './import/import.command.js';
import { replayCommand } from './replay/replay.command.js';
import { checkpointCommands } from './verify/checkpoint.command.js';
import { logCommands } from './verify/log.command.js';
import { verifyCommand } from './verify/verify.command.js';
import { whatIfCommand } from './what-if/what-if.command.js';

/** Adds itself to the program: one command with its options and what it does, or several under one word. */
export type CommandModule = (program: Command, context: Context) => void;

/** Every command, in the order of the help. One line each. */
export const COMMANDS: readonly CommandModule[] = [
  statusCommand,
  monitorCommands,
  alertCommands,
  jobCommands,
  providerCommands,
  auditCommand,
  explainCommand,
  whatIfCommand,
  validateCommand,
  planCommand,
  applyCommand,
  driftCommand,
  exportCommand,
  schemaCommand,
  importCommands,
  verifyCommand,
  replayCommand,
  checkpointCommands,
  logCommands,
  completionCommand,
];
