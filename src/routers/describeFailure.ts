/** What the log may know of an unexpected error. */
export interface Failure {
  name: string;
  /** SQLSTATE, errno or the like. */
  code?: string;
  constraint?: string;
  message: string;
  stack?: string;
}

/**
 * Describes an unexpected error for the log by the first line of its message: what a database error adds
 * below it quotes the row, password hashes included.
 */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: 'a value that is no Error was thrown' };
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  const [message = ''] = error.message.split('\n', 1);
  const stack = error.stack?.match(/\n {4}at [^]*/)?.[0];
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    message: message.slice(0, 500),
    ...(stack === undefined ? {} : { stack }),
  };
}
