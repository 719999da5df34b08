import type { MonitorBar } from '@tocsin/http-api';
import { durationText } from './amounts.js';
import type { OutcomeCell } from './outcome-bar.js';

/** Checks as an availability bar shows them. */
export const cellsOf = (checks: MonitorBar['checks']): OutcomeCell[] =>
  checks.map(({ slot, location, outcome, latencyMs }) => ({
    id: `${slot} ${location}`,
    outcome,
    at: slot,
    note: `${durationText(latencyMs)}, ${location}`,
  }));
