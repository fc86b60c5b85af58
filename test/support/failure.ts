import { expect } from 'vitest';
import { type TesseraFailure, readFailure } from '../../client/src/index.ts';

/** What a call that must fail fails with; the test fails when it succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<TesseraFailure> {
  const error = await call.then(
    (value) => expect.fail(`The call succeeded with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  return readFailure(error) ?? expect.fail(`Not an error of the table: ${String(error)}`);
}
