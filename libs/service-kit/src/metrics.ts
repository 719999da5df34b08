import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricOptions<L extends string> {
  /** without the product's prefix; with the unit: `publish_seconds` */
  name: string;
  help: string;
  labels?: readonly L[];
}

export interface Metrics {
  registry: Registry;
  counter: <L extends string = never>(options: MetricOptions<L>) => Counter<L>;
  /** `collect` is called at each scrape, for what is cheaper to ask than to keep */
  gauge: <L extends string = never>(
    options: MetricOptions<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ) => Gauge<L>;
  histogram: <L extends string = never>(options: MetricOptions<L> & { buckets?: number[] }) => Histogram<L>;
}

const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30];

/** A registry per service, with what Node tells of itself (event loop lag among it). */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  const common = <L extends string>({ name, help, labels }: MetricOptions<L>) => ({
    name: `tocsin_${name}`,
    help,
    labelNames: labels ?? [],
    registers: [registry],
  });
  return {
    registry,
    counter: (options) => new Counter(common(options)),
    gauge: ({ collect, ...options }) =>
      new Gauge({
        ...common(options),
        ...(collect === undefined
          ? {}
          : {
              collect() {
                return collect(this);
              },
            }),
      }),
    histogram: ({ buckets, ...options }) =>
      new Histogram({ ...common(options), buckets: buckets ?? seconds }),
  };
}
