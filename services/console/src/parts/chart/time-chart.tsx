import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import classes from './chart.module.css';
import { CHART_PX, type ChartSeries, FEW, optionsOf } from './chart-options.js';

interface TimeChartProps {
  /** seconds since 1970, ascending */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** what a reader who cannot see it is told */
  readonly label: string;
}

/** Lines over time. Loaded by the pages that have one: `lazy(() => import('…/time-chart.js'))`. */
export default function TimeChart({ times, series, label }: TimeChartProps) {
  const { ref: measured, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const colours = useComputedColorScheme();
  const chart = useRef<UPlot>(null);
  // New figures are put into the chart there is; only another look needs another chart.
  const look = JSON.stringify([
    series.map(({ label: name, filled }) => [name, filled]),
    colours,
    times.length < FEW,
  ]);
  const latest = useRef({ times, series });
  useEffect(() => {
    latest.current = { times, series };
  }, [times, series]);
  const hasWidth = width > 0;

  useEffect(() => {
    if (place.current === null || !hasWidth || look === '') return undefined;
    const now = latest.current;
    const options = optionsOf({ place: place.current, width: place.current.clientWidth }, now.series);
    const made = new UPlot(options, dataOf(now.times, now.series), place.current);
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [look, hasWidth]);

  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height: CHART_PX });
  }, [width]);

  useEffect(() => {
    chart.current?.setData(dataOf(times, series));
  }, [times, series]);

  return (
    <div ref={measured} className={classes.chart}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a picture drawn by a script */}
      <div ref={place} role="img" aria-label={label} />
    </div>
  );
}

const dataOf = (times: readonly number[], series: readonly ChartSeries[]): UPlot.AlignedData => [
  [...times],
  ...series.map(({ values }) => [...values]),
];
