import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/** What went wrong with a test that passed when it was tried again. */
const describeUnsteady = (test: TestCase) =>
  [
    `  ${test.module.relativeModuleId} > ${test.fullName}`,
    ...(test.result().errors ?? []).map(({ message }) => `    ${message.split('\n')[0]}`),
  ].join('\n');

/**
 * Ends the run with the line `N passed, N failed`; a file that does not load, or an error outside a test, is a failure.
 * Before it, where tests are tried again: which passed only then, for each of these is to be mended.
 */
export default class TotalReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    const unsteady: TestCase[] = [];
    for (const module of modules) {
      if (
        module.state() === 'failed' &&
        [...module.children.allTests()].every((test) => test.result().state !== 'failed')
      )
        failed += 1;
      for (const test of module.children.allTests()) {
        if (test.diagnostic()?.flaky) unsteady.push(test);
        if (test.result().state === 'passed') passed += 1;
        else if (test.result().state === 'failed') failed += 1;
      }
    }
    // After vitest's own summary, so that it is the last line. A run that fails as a whole (its setup, say) has a failure.
    process.once('exit', (code) => {
      if (unsteady.length > 0)
        console.log(['Passed only when tried again:', ...unsteady.map(describeUnsteady), ''].join('\n'));
      console.log(`${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed`);
    });
  }
}
