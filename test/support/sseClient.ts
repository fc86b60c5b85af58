/** The stock client of tRPC over server-sent events, and a plain reader of what stands in them. */
import { type IncomingMessage, get } from 'node:http';
import { once } from 'node:events';
import { type TRPCClient, createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { EventSource, type FetchLike } from 'eventsource';
import superjson from 'superjson';
import type { AppRouter } from '../../src/routers/_app.ts';
import { patience } from './waitFor.ts';

/** `httpSubscriptionLink` with the token as a header, through the ponyfill. @param fetchIt sends it elsewhere, for one */
export function stockSseClient(
  url: string,
  token: string,
  fetchIt: FetchLike = fetch,
): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${url}/trpc`,
        transformer: superjson,
        EventSource,
        eventSourceOptions: {
          fetch: (to, init) =>
            fetchIt(to, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
        },
      }),
    ],
  });
}

/** One event as it came: its fields, by name. */
export type PlainEvent = Record<string, string>;

export interface PlainStream extends AsyncDisposable {
  response: IncomingMessage;
  events: PlainEvent[];
  /** Resolves with the events once the condition holds; fails after half a minute. */
  until(condition: (events: PlainEvent[], isOver: boolean) => boolean): Promise<PlainEvent[]>;
}

/** Opens a subscription as a browser's EventSource would. */
export async function openStream(
  url: string,
  path: string,
  input: unknown,
  headers: Record<string, string> = {},
): Promise<PlainStream> {
  const query = `input=${encodeURIComponent(superjson.stringify(input))}`;
  const request = get(`${url}/trpc/${path}?${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: PlainEvent[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let isOver = false;
  const changed = () => {
    for (const check of waiting) check();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').filter(Boolean);
      const read = fields.map((line) => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 2),
      ]);
      if (fields.length > 0) events.push(Object.fromEntries(read) as PlainEvent);
    }
    changed();
  });
  response.on('close', () => {
    isOver = true;
    changed();
  });
  response.on('error', () => {});
  return {
    response,
    events,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(check);
          settle();
        };
        const timer = setTimeout(
          () =>
            end(() =>
              reject(
                new Error(
                  `This did not come: ${condition}; there are ${JSON.stringify(events.slice(-5)).slice(0, 500)}`,
                ),
              ),
            ),
          patience,
        );
        const check = () => {
          if (condition(events, isOver)) end(() => resolve(events));
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: async () => {
      request.destroy();
    },
  };
}

/** What a data event or an error event holds. */
export const dataOf = (event: PlainEvent | undefined): unknown => superjson.parse(event?.['data'] ?? 'null');
