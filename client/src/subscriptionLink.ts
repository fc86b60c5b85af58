import { type TRPCLink, TRPCClientError } from '@trpc/client';
import { type Unsubscribable, observable } from '@trpc/server/observable';
import type { AppRouter } from '../../src/routers/_app.ts';
import type { TransportChoice } from './TransportChoice.ts';

interface Links {
  socket: TRPCLink<AppRouter>;
  /** Undefined: there is no EventSource to be had. */
  events: TRPCLink<AppRouter> | undefined;
}

/** The input with the cursor to go on from, where there is one. */
function resumeAt(input: unknown, lastEventId: string | undefined): unknown {
  if (lastEventId === undefined) return input;
  return typeof input === 'object' && input !== null ? { ...input, lastEventId } : { lastEventId };
}

/** Whether the server did not say so itself: a proxy's error page, a network that is gone. */
const isOfTheWay = (error: unknown) => error instanceof TRPCClientError && !error.shape;

/**
 * Carries subscriptions over the socket, or over server-sent events once the choice has fallen on them: those that
 * are open move, and go on after the last event that was delivered.
 * @param retryDelay milliseconds before the n-th attempt to open an event stream again that a proxy refused
 * @param noteWaiting told of an operation whether it waits for the server to begin it, or to go on after a break
 */
export function subscriptionLink(
  links: Links,
  choice: TransportChoice,
  retryDelay: (attempt: number) => number,
  noteWaiting: (operation: number, isWaiting: boolean) => void,
): TRPCLink<AppRouter> {
  return (runtime) => {
    const overSocket = links.socket(runtime);
    const overEvents = links.events?.(runtime);
    return ({ op, next }) =>
      observable((observer) => {
        let lastEventId: string | undefined;
        let attempt = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let current: Unsubscribable | undefined;
        /** Counts the links begun, so that nothing is heard of one that was left. */
        let turn = 0;
        const forget = () => {
          choice.forget(op.id);
          noteWaiting(op.id, false);
        };
        const leave = () => {
          turn += 1;
          clearTimeout(timer);
          current?.unsubscribe();
        };
        const begin = () => {
          leave();
          noteWaiting(op.id, true);
          const mine = turn;
          const isEvents = choice.transport === 'sse' && overEvents !== undefined;
          const operation = { ...op, input: resumeAt(op.input, lastEventId) };
          const link = isEvents ? overEvents : overSocket;
          current = link({ op: operation, next }).subscribe({
            next(value) {
              if (mine !== turn) return;
              const { result } = value;
              if ('id' in result && typeof result.id === 'string') lastEventId = result.id;
              if (result.type === 'started') {
                attempt = 0;
                noteWaiting(op.id, false);
              }
              if (result.type === 'state' && result.state === 'connecting') noteWaiting(op.id, true);
              if (result.type === 'state' && isEvents) choice.note(op.id, result.state);
              observer.next(value);
            },
            error(error) {
              if (mine !== turn) return;
              if (isEvents && isOfTheWay(error)) {
                choice.note(op.id, 'connecting');
                timer = setTimeout(begin, retryDelay(attempt));
                attempt += 1;
              } else {
                forget();
                observer.error(error);
              }
            },
            complete() {
              if (mine !== turn) return;
              forget();
              observer.complete();
            },
          });
        };
        const stopWaiting = choice.onChange(begin);
        begin();
        return () => {
          stopWaiting();
          leave();
          forget();
        };
      });
  };
}
