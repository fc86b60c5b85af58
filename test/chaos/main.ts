/**
 * `npm run chaos [-- --seconds=300 --bus=nats --seed=1]`: everything goes wrong under load; ends non-zero when a
 * promise is broken.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { noNats } from '../support/natsServer.ts';
import type { BusKind } from './Arena.ts';
import { renderReport } from './renderReport.ts';
import { runChaos } from './runChaos.ts';

const longest = 300;
/** Seconds of those that the last fault and the count take; with no more than twice as many it is a short run. */
const atTheEnd = 70;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: String(longest) },
    bus: { type: 'string', default: 'postgres' },
    seed: { type: 'string' },
  },
});
const buses: Partial<Record<string, BusKind>> = { postgres: 'PostgreSQL', nats: 'NATS' };
const bus = buses[values.bus];
if (!bus || (bus === 'NATS' && noNats !== undefined)) {
  process.stderr.write(
    bus ? `${noNats}\n` : `--bus=${values.bus}: there are ${Object.keys(buses).join(' and ')}\n`,
  );
  process.exit(2);
}
const seconds = Math.min(longest, Number(values.seconds));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
setTimeout(() => {
  process.stderr.write(`This is not over after ${longest} s, and ends without a count.\n`);
  process.exit(1);
}, longest * 1000).unref();
const report = await runChaos({
  until: seconds - atTheEnd,
  isShort: seconds <= 2 * atTheEnd,
  bus,
  folder: tmpdir(),
  seed: Number(values.seed ?? Date.now() % 100_000),
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(renderReport(report));
process.exit(report.broken.length > 0 ? 1 : 0);
