import type uPlot from 'uplot';
import { durationText } from '../amounts.js';
import { clockTime } from '../time.js';
import { cssColour, SERIES_COLOURS } from './chart-colours.js';

export interface ChartSeries {
  readonly label: string;
  /** null: nothing was measured then */
  readonly values: readonly (number | null)[];
  /** the area below is filled: parts that lie on each other */
  readonly filled?: boolean;
}

export const CHART_PX = 220;
/** Fewer are shown as points too: a line needs two. */
export const FEW = 40;

export interface ChartPlace {
  readonly place: HTMLElement;
  readonly width: number;
}

export function optionsOf({ place, width }: ChartPlace, series: readonly ChartSeries[]): uPlot.Options {
  const line = cssColour('--line', place);
  const quiet = cssColour('--quiet', place);
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return {
    width,
    height: CHART_PX,
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, values: (_, splits, __, ___, step) => splits.map((at) => tickText(at, step)) },
      { ...axis, size: 64, values: (_, splits) => splits.map((ms) => durationText(ms)) },
    ],
    series: [
      {
        label: 'Time',
        value: (_, at) => (at === null ? '—' : clockTime(new Date(at * 1_000).toISOString())),
      },
      ...series.map(({ label, values, filled = false }, index): uPlot.Series => {
        const colour = SERIES_COLOURS[index % SERIES_COLOURS.length] ?? SERIES_COLOURS[0];
        return {
          label,
          stroke: colour,
          width: 1.5,
          ...(filled ? { fill: `${colour}55` } : {}),
          points: { show: values.length < FEW, size: 4 },
          value: (_, ms) => (ms === null ? '—' : durationText(ms)),
        };
      }),
    ],
  };
}

const DAY_S = 86_400;
const HOURS = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DAYS = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The time of day, or the day where a day begins. */
function tickText(at: number, stepS: number): string {
  const ms = at * 1_000;
  const hours = HOURS.format(ms);
  if (stepS >= DAY_S || hours === '00:00') return DAYS.format(ms);
  return stepS < 60 ? SECONDS.format(ms) : hours;
}
