/** How a kind of server is spoken to. */
export interface Dialect {
  /** Path and query of the upgrade. */
  path: string;
  /** Text frames sent right after the upgrade. */
  greet(number: number): string[];
  /** Whether this text says that what is published from now on will come. */
  isReady(text: string): boolean;
}

/** Clients count their requests; these have come to different numbers. */
const requestIds = 10;

/** A subscription over tRPC's protocol that begins with a snapshot; each watcher with a token of its own, or none. */
export function trpcDialect(procedure: string, projectId: string, tokens?: readonly string[]): Dialect {
  return {
    path: tokens ? '/trpc?connectionParams=1' : '/trpc',
    greet: (number) => [
      ...(tokens ? [JSON.stringify({ method: 'connectionParams', data: { token: tokens[number] } })] : []),
      JSON.stringify({
        id: 1 + (number % requestIds),
        method: 'subscription',
        params: { path: procedure, input: { json: { projectId } } },
      }),
    ],
    isReady: (text) => text.includes('"snapshot"'),
  };
}
