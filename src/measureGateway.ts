import type { Bus } from './bus/Bus.ts';
import type { Metrics } from './http/metrics.ts';
import type { Hub } from './realtime/Hub.ts';

/** Counts how long events take from their commit to the sockets, in seconds. */
export function observeLag(metrics: Metrics): (seconds: number) => void {
  const observe = metrics.histogram(
    'tessera_delivery_lag_seconds',
    'From the commit of an event to the writing of its first frames, once for each event that somebody watches on this node.',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  // The two clocks may differ.
  return (seconds) => observe(Math.max(0, seconds));
}

/** Shows what the hub and the bus count. */
export function measureGateway(metrics: Metrics, hub: Hub, bus: Bus): void {
  metrics.gauge('tessera_streams', 'Streams that somebody watches on this node.', () => hub.stats().streams);
  metrics.gauge('tessera_log_subscriptions', 'Open subscriptions of events.', () => hub.stats().logs);
  metrics.gauge(
    'tessera_lane_subscriptions',
    'Open subscriptions of latest values.',
    () => hub.stats().lanes,
  );
  metrics.total(
    'tessera_deliveries_total',
    'Events and latest values given to subscriptions.',
    () => hub.stats().delivered,
  );
  metrics.total(
    'tessera_log_reads_total',
    'Pages read from the event log for subscriptions.',
    () => hub.stats().reads,
  );
  metrics.total(
    'tessera_resyncs_total',
    'Subscriptions that had to begin anew, their events being no longer kept.',
    () => hub.stats().resyncs,
  );
  metrics.gauge('tessera_bus_connected', '1 while other nodes are heard, else 0.', () =>
    bus.isConnected ? 1 : 0,
  );
  metrics.total('tessera_bus_sent_total', 'Messages sent to other nodes.', () => bus.state().sent);
  metrics.total('tessera_bus_received_total', 'Messages of other nodes.', () => bus.state().received);
  metrics.total(
    'tessera_bus_ignored_total',
    'Messages on the bus that nobody here understands.',
    () => bus.state().ignored,
  );
}
