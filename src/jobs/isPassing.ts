/** PostgreSQL restarts, stops, starts or has no connection left; class 08: the connection broke. */
const passingStates = /^(?:57P0[123]|53300|08...)$/;
const passingErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Whether an error says only that the database was away for a moment, so that trying again makes sense. */
export function isPassing(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (passingStates.test(code) || passingErrors.has(code)) return true;
    // What pg says when a socket closes under a query carries no code.
    if (/^Connection terminated/.test(at.message)) return true;
  }
  return false;
}
