/**
 * What hints and latest values are filed under: `hint.<kind>.<id>` and `lane.<kind>.<id>.<lane>`. Interests
 * are the same with `*` for any one part, and `>` for all that follows: NATS's own syntax of subjects, so
 * that what a listener wants is what its node subscribes to.
 * @see https://docs.nats.io/nats-concepts/subjects
 */
import type { Stream } from '../events/emit.ts';
import type { LaneInterest, Streams } from './Bus.ts';

/** Ids are UUIDs and lanes are words; anything else is spelt so that it cannot mean something in a subject. */
const part = (text: string) =>
  /^[\w-]{1,64}$/.test(text) ? text : `=${Buffer.from(text).toString('base64url')}`;

function pattern(streams: Streams | undefined): string {
  if (streams === undefined) return '*.*';
  const colon = streams.indexOf(':');
  const id = streams.slice(colon + 1);
  return `${streams.slice(0, colon)}.${id === '' ? '*' : part(id)}`;
}

export const hintTopic = (streams?: Streams): string => `hint.${pattern(streams)}`;

export const laneTopic = ({ streams, lane }: LaneInterest = {}): string =>
  `lane.${pattern(streams)}.${lane === undefined ? '*' : part(lane)}`;

const kindOf = (stream: Stream) => (stream.startsWith('project:') ? 'project:' : 'user:');

/** Every interest that a hint of this stream meets. */
export const hintTopics = (stream: Stream): string[] => [
  hintTopic(stream),
  hintTopic(kindOf(stream)),
  hintTopic(),
];

/** Every interest that a value of this lane meets. */
export const laneTopics = (stream: Stream, lane: string): string[] =>
  [stream, kindOf(stream), undefined].flatMap((streams) => {
    const of = streams === undefined ? {} : { streams: streams as Streams };
    return [laneTopic({ ...of, lane }), laneTopic(of)];
  });
