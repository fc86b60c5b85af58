/** The ways by which a call can reach the server, each speaking the wire protocol itself. */
import superjson from 'superjson';
import { RawSocket } from '../realtime/RawSocket.ts';

export interface OneCall {
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  input: Record<string, unknown>;
}

/** undefined: it got through, and the verb had nothing to say against it. */
export type Outcome = { code: string; message: string } | undefined;

/** Makes the calls with a credential, and gives what came of each, in their order. */
export type Door = (url: string, secret: string | null, calls: readonly OneCall[]) => Promise<Outcome[]>;

interface Envelope {
  error?: { json: { message: string; data: { code: string } } };
}
const readOutcome = ({ error }: Envelope): Outcome =>
  error && { code: error.json.data.code, message: error.json.message };

const headersOf = (secret: string | null) => (secret === null ? {} : { authorization: `Bearer ${secret}` });
const inputOf = (input: unknown) => `input=${encodeURIComponent(JSON.stringify(input))}`;

/** Runs at most so many at once, as a browser does. */
async function mapAtOnce<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (let place = next; place < items.length; place = next) {
        next += 1;
        results[place] = await work(items[place] as T);
      }
    }),
  );
  return results;
}

/** Queries by GET, mutations by POST, subscriptions as server-sent events: one request each. */
export const singly: Door = (url, secret, calls) =>
  mapAtOnce(calls, 8, async ({ path, type, input }) => {
    const json = superjson.serialize(input);
    const response =
      type === 'mutation'
        ? await fetch(`${url}/trpc/${path}`, {
            method: 'POST',
            headers: { ...headersOf(secret), 'content-type': 'application/json' },
            body: JSON.stringify(json),
          })
        : await fetch(`${url}/trpc/${path}?${inputOf(json)}`, { headers: headersOf(secret) });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      return readOutcome((await response.json()) as Envelope);
    // The first event says whether the subscription runs.
    for await (const chunk of response.body ?? []) {
      const text = Buffer.from(chunk).toString();
      const failure = /event: serialized-error\ndata: (.*)/.exec(text)?.[1];
      return failure ? readOutcome({ error: JSON.parse(failure) }) : undefined;
    }
    throw new Error(`${path} ended without an event.`);
  });

/** As many as a batch may hold in one request, queries and mutations apart. Subscriptions do not batch. */
export const inBatches: Door = async (url, secret, calls) => {
  const outcomes = new Map<OneCall, Outcome>();
  for (const type of ['query', 'mutation'] as const) {
    const ofType = calls.filter((call) => call.type === type);
    for (let start = 0; start < ofType.length; start += 32) {
      const batch = ofType.slice(start, start + 32);
      const json = Object.fromEntries(batch.map(({ input }, place) => [place, superjson.serialize(input)]));
      const address = `${url}/trpc/${batch.map(({ path }) => path).join(',')}?batch=1`;
      const response =
        type === 'query'
          ? await fetch(`${address}&${inputOf(json)}`, { headers: headersOf(secret) })
          : await fetch(address, {
              method: 'POST',
              headers: { ...headersOf(secret), 'content-type': 'application/json' },
              body: JSON.stringify(json),
            });
      const answers = (await response.json()) as Envelope[];
      for (const [place, call] of batch.entries()) outcomes.set(call, readOutcome(answers[place] ?? {}));
    }
  }
  return calls.map((call) => outcomes.get(call));
};

/** Calls of one socket that wait or are under way: fewer than SOCKET_MAX_CALLS. */
const atOnce = 200;

/** Everything over one WebSocket. */
export const overSocket: Door = async (url, secret, calls) => {
  const port = Number(new URL(url).port);
  const socket = await (secret === null ? RawSocket.open(port) : RawSocket.signedIn(port, secret));
  const answers = () => new Map(socket.messages().map((message) => [message.id, message]));
  for (let start = 0; start < calls.length; start += atOnce) {
    const end = Math.min(start + atOnce, calls.length);
    for (const [place, { path, type, input }] of calls.slice(start, end).entries())
      socket.send({ id: start + place, method: type, params: { path, input: superjson.serialize(input) } });
    await socket.until((each) => each.frames.length >= end && answers().size >= end);
  }
  const first = answers();
  socket.ws.terminate();
  return calls.map((_, id) => readOutcome((first.get(id) ?? {}) as Envelope));
};
