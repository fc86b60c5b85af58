/**
 * The wire protocol: tRPC 11 over WebSocket, JSON in text frames, as the stock `wsLink` of `@trpc/client`
 * (≥ 11.25) speaks it. This module holds its schemas and nothing else. S is the router's transformer.
 *
 * Client → server: one message, or an array of those that were queued in one tick; bare `PING` and `PONG`.
 *     {"method":"connectionParams","data":{"token":"…"}}           the first frame, when the URL has ?connectionParams=1
 *     {"id":1,"method":"query","params":{"path":"a.b","input":S}}    also mutation, subscription
 *     {"id":1,"method":"subscription","params":{…,"lastEventId":"1.7"}}   a subscription that resumes
 *     {"id":1,"method":"subscription.stop"}
 * Server → client: one object a frame; `PONG` in the order of the frames.
 *     {"id":1,"result":{"type":"data","data":S}}                     the answer of a call; a value without cursor
 *     {"id":1,"result":{"type":"started"}}                           a subscription runs; comes before its data
 *     {"id":1,"result":{"type":"data","data":S({"id":"1.7","data":…}),"id":"1.7"}}   a value with its cursor
 *     {"id":1,"result":{"type":"stopped"}}
 *     {"id":1,"error":S}                                             terminal for the call or subscription
 *     {"id":null,"error":S}                                          a frame was not understood; the socket closes
 *     {"id":null,"method":"reconnect"}                               open a new socket, resume there, leave this one
 *
 * History
 *   1  The protocol of tRPC 11.25 with two deviations: a frame that cannot be read closes the socket, where
 *      the stock server answers and goes on; `jsonrpc` is taken and not echoed, which no client asks for.
 */
import { z } from 'zod';

/** Longest path of a procedure; what is longer exists nowhere. */
const path = z.string().max(200);
const id = z.union([z.number(), z.string().max(64)]);
const jsonrpc = z.literal('2.0').optional();
const params = z.object({ path, input: z.unknown().optional(), lastEventId: z.string().max(64).nullish() });

const call = <M extends string>(method: M) => z.object({ id, jsonrpc, method: z.literal(method), params });

/** What a client sends once the connection is set up. */
export const clientMessage = z.discriminatedUnion('method', [
  call('query'),
  call('mutation'),
  call('subscription'),
  z.object({ id, jsonrpc, method: z.literal('subscription.stop') }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;
export type CallMessage = Exclude<ClientMessage, { method: 'subscription.stop' }>;
export type RequestId = z.infer<typeof id>;

/** What a client sends first when its URL says so. tRPC allows any names; `token` is the one that counts. */
export const connectionParams = z.object({
  method: z.literal('connectionParams'),
  data: z.record(z.string(), z.string()).nullish(),
});

/**
 * Why the server closes a socket. 1000–1015 as registered for RFC 6455; 44xx, ours, mean that the client
 * did something it should not do again in the same way.
 */
export const closeCodes = {
  /** A binary frame came; there are none in this protocol. */
  unsupportedData: 1003,
  /** A text frame was not UTF-8 (sent by the socket library). */
  invalidText: 1007,
  /** A frame was larger than SOCKET_MAX_FRAME_BYTES (sent by the socket library). */
  tooLarge: 1009,
  /** The server restarts: come back, the cursor is good. */
  restart: 1012,
  /** No JSON, or no message of this protocol. */
  notUnderstood: 4400,
  /** connectionParams did not come in time. */
  paramsTimeout: 4408,
  /** Messages went on coming although the rate was refused. */
  tooManyMessages: 4429,
  /** The person holds as many connections as one may. */
  tooManyConnections: 4430,
} as const;
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
