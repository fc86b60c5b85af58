import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProgressMeter } from '../../src/jobs/ProgressMeter.ts';

describe('ProgressMeter', () => {
  test('weighs stages by their shares', () => {
    const meter = new ProgressMeter({ first: 10, second: 30 }, { percent: 0 });
    meter.report('first', 1, null);
    expect(meter.reading.percent).toBe(25);
    meter.report('second', 0.5, 'halfway');
    expect(meter.reading).toEqual({ percent: 62, stage: 'second', message: 'halfway' });
  });

  test('never goes back and never says 100, whatever is reported', () => {
    const report = fc.tuple(fc.constantFrom('a', 'b', 'c', 'unknown'), fc.double());
    fc.assert(
      fc.property(fc.array(report), fc.nat(100), (reports, floor) => {
        const meter = new ProgressMeter({ a: 1, b: 5, c: 2 }, { percent: floor });
        let last = meter.reading.percent;
        for (const [stage, fraction] of reports) {
          meter.report(stage, fraction, null);
          const { percent } = meter.reading;
          expect(Number.isInteger(percent) && percent >= last && percent <= 99).toBe(true);
          last = percent;
        }
      }),
    );
  });

  test('goes on from where an earlier attempt was', () => {
    const meter = new ProgressMeter({ only: 1 }, { percent: 60 });
    meter.report('only', 0.1, null);
    expect(meter.reading.percent).toBe(60);
    meter.report('only', 0.7, null);
    expect(meter.reading.percent).toBe(70);
  });
});
