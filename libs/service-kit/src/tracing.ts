import {
  type Attributes,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { NodeTracerConfig } from '@opentelemetry/sdk-trace-node';
import { safeText } from './redact.js';

export interface SpanOptions {
  /** of the message or request this is part of */
  traceparent?: string | undefined;
  attributes?: Attributes;
}

export interface Span {
  /** to send along; when tracing is off, what came in */
  traceparent: string | undefined;
  end: (error?: unknown) => void;
}

let tracer: Tracer | undefined;
const nothing = (): void => undefined;
const off: Span = { traceparent: undefined, end: nothing };

const hex = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function parentOf(traceparent: string | undefined): SpanContext | undefined {
  const match = hex.exec(traceparent ?? '');
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

const safeAttributes = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? safeText(value) : value,
    ]),
  );

export function startSpan(name: string, { traceparent, attributes }: SpanOptions = {}): Span {
  if (tracer === undefined) return traceparent === undefined ? off : { traceparent, end: nothing };
  const parent = parentOf(traceparent);
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const span = tracer.startSpan(name, { attributes: safeAttributes(attributes ?? {}) }, context);
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    end: (error) => {
      if (error !== undefined)
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: safeText(error instanceof Error ? error.message : 'not an error'),
        });
      span.end();
    },
  };
}

/** Loads the SDK and sends traces to `endpoint`; without one nothing is loaded. Returns what flushes and stops it. */
export async function startTracing(name: string, endpoint: string | undefined): Promise<() => Promise<void>> {
  if (endpoint === undefined) return () => Promise.resolve();
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const resource: NonNullable<NodeTracerConfig['resource']> = {
    attributes: { 'service.name': name },
    merge: () => resource,
    getRawAttributes: () => [['service.name', name]],
  };
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  tracer = provider.getTracer(name);
  return async () => {
    tracer = undefined;
    await provider.shutdown();
  };
}
