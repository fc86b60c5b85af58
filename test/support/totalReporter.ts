import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends the run with the line `N passed, N failed`; a file that does not load, or an error outside a test, is a failure.
 * With TEST_FAILED_FILES it writes there which files had failures, a line each; nothing when something went wrong outside of them.
 */
export default class TotalReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      if (
        module.state() === 'failed' &&
        [...module.children.allTests()].every((test) => test.result().state !== 'failed')
      )
        failed += 1;
      for (const test of module.children.allTests()) {
        if (test.result().state === 'passed') passed += 1;
        else if (test.result().state === 'failed') failed += 1;
      }
    }
    const list = process.env['TEST_FAILED_FILES'];
    if (list && errors.length === 0) {
      const files = modules.filter((module) => module.state() === 'failed');
      writeFileSync(list, files.map(({ relativeModuleId }) => `${relativeModuleId}\n`).join(''));
    }
    // After vitest's own summary, so that it is the last line. A run that fails as a whole (its setup, say) has a failure.
    process.once('exit', (code) =>
      console.log(`${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed`),
    );
  }
}
