import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    reporters: ['default', './test/support/totalReporter.ts'],
    // Real PostgreSQL, git and sockets on two cores: slow is not wrong. Timing belongs in benchmarks.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    // One more than cores: tests wait for leases, sweeps and processes, and others work meanwhile.
    maxWorkers: 3,
    // Each file has its own database and servers; loading the program anew for each takes a quarter of the time.
    isolate: false,
  },
});
