import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { findTestProcesses } from '../drivers/makeRepository.ts';
import { runChaos } from './runChaos.ts';

const memory = '/dev/shm';

test(
  'whatever is killed, cut, paused or lost under load: nothing acknowledged is lost, every watcher has every event once and in order, every job ends',
  { timeout: 300_000 },
  async () => {
    const folder = await access(memory).then(
      () => memory,
      () => tmpdir(),
    );
    const said: string[] = [];
    const report = await runChaos({
      until: 0,
      isShort: true,
      bus: 'PostgreSQL',
      folder,
      seed: 1,
      log: (line) => said.push(line),
    });
    expect(report.broken, JSON.stringify({ ...report.figures, said }, null, 1)).toEqual([]);
    expect(report.outcomes.map(({ times }) => times)).toEqual(report.outcomes.map(() => 1));
    expect(report.figures['acknowledged']).toBeGreaterThan(5);
    expect(findTestProcesses('cmdline', 'tessera-chaos-')).toEqual([]);
  },
);
