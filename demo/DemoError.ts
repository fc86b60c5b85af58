import { readFailure } from '../client/src/index.ts';

/** Why the demo stops, in a sentence, and what to do about it. */
export class DemoError extends Error {
  override name = 'DemoError';
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Whatever was thrown, as a sentence with its remedy: the server's own words where it gave any. */
export function toDemoError(error: unknown): DemoError {
  if (error instanceof DemoError) return error;
  const failure = readFailure(error);
  if (failure) {
    const fields = Object.entries(failure.fields).map(([field, fault]) => ` ${field}: ${fault}.`);
    return new DemoError(`${failure.message}${fields.join('')} (${failure.code})`, failure.remedy);
  }
  return new DemoError(error instanceof Error ? error.message : String(error));
}
