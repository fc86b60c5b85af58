import type { ErrorCode } from '../errors.ts';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the process counts, as Prometheus reads it at /metrics. */
export interface Metrics {
  registry: Registry;
  /** One call of a procedure: its path, how it ended ('ok' or our error code), seconds. */
  observeCall: (procedure: string, outcome: string, seconds: number) => void;
  /** Calls since the start, and how many of them failed by no fault of the caller's. */
  calls: () => { answered: number; failed: number };
  /** A figure that only grows; the function that is returned adds to it. */
  counter(name: string, help: string): (by: number) => void;
  /** Figures that only grow, one for each value of a label; of which there are few. */
  counters(name: string, help: string, label: string): (value: string) => void;
  /** A figure that only grows and is counted elsewhere, read when /metrics is. */
  total(name: string, help: string, read: () => number): void;
  /** How often a figure was how large; the function that is returned takes one. */
  histogram(name: string, help: string, buckets: number[]): (value: number) => void;
  /** A figure that is read when /metrics is. */
  gauge(name: string, help: string, read: () => number): void;
}

/** Outcomes of calls that no caller could have helped. */
const ours: ReadonlySet<string> = new Set<ErrorCode>(['INTERNAL', 'UNAVAILABLE']);

/** One registry per process (tests run several servers, so it is not the library's global one). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // By its default it wakes an idle process a hundred times a second, and that is most of what such a one does;
  // `tessera_loop_lag_seconds` tells the lag itself.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const calls = new Counter({
    name: 'tessera_calls_total',
    help: 'Procedure calls by outcome: ok, or the error code.',
    labelNames: ['procedure', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'tessera_call_seconds',
    help: 'Duration of procedure calls.',
    labelNames: ['procedure'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });
  let answered = 0;
  let failed = 0;
  return {
    registry,
    calls: () => ({ answered, failed }),
    observeCall(procedure, outcome, seconds) {
      answered += 1;
      if (ours.has(outcome)) failed += 1;
      calls.inc({ procedure, outcome });
      durations.observe({ procedure }, seconds);
    },
    counter(name, help) {
      const counter = new Counter({ name, help, registers: [registry] });
      return (by) => counter.inc(by);
    },
    counters(name, help, label) {
      const counter = new Counter({ name, help, labelNames: [label], registers: [registry] });
      return (value) => counter.inc({ [label]: value });
    },
    total(name, help, read) {
      const counter: Counter = new Counter({
        name,
        help,
        registers: [registry],
        collect() {
          counter.reset();
          counter.inc(read());
        },
      });
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name, help, buckets, registers: [registry] });
      return (value) => histogram.observe(value);
    },
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: () => gauge.set(read()),
      });
    },
  };
}
