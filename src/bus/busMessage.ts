/**
 * What travels on the bus: one JSON text with many hints and latest values.
 *
 * Version 1: `{v, node, hints: [[stream, seq]…], lanes: [[stream, lane, key, value]…]}`. Nodes of different
 * releases share a bus during an upgrade: one that does not know a version ignores the message, and the
 * sweep of the log makes up for it.
 */
import { z } from 'zod';
import type { Stream } from '../events/emit.ts';
import { reviveMoments } from '../events/reviveMoments.ts';
import type { LaneValue } from './Bus.ts';

const stream = z.templateLiteral([z.enum(['project', 'user']), ':', z.string()]);
const busMessage = z.object({
  v: z.literal(1),
  node: z.string(),
  hints: z.array(z.tuple([stream, z.int().min(0)])),
  lanes: z.array(z.tuple([stream, z.string(), z.string(), z.record(z.string(), z.unknown())])),
});

export interface BusMessage {
  /** Whose message it is, so that a node knows its own echo. */
  node: string;
  hints: [Stream, number][];
  lanes: LaneValue[];
}

/** Bytes of a message: a NOTIFY payload must be shorter than 8000, and what fits one bus fits all. */
export const maxMessageBytes = 7900;

/** Bytes that a message takes besides its hints and lanes. */
const frameBytes = 120;

/** The part of a message that a latest value takes, or undefined when it does not fit into one. */
export function encodeLane({ stream: of, lane, key, value }: LaneValue): string | undefined {
  const text = JSON.stringify([of, lane, key, value]);
  return Buffer.byteLength(text) <= maxMessageBytes - frameBytes ? text : undefined;
}

/** Packs hints and encoded latest values into as few messages as hold them. */
export function packMessages(
  node: string,
  hints: Iterable<readonly [Stream, number]>,
  lanes: Iterable<string>,
): string[] {
  const messages: string[] = [];
  let parts = { hints: [] as string[], lanes: [] as string[] };
  let bytes = frameBytes;
  const finish = () => {
    messages.push(
      `{"v":1,"node":${JSON.stringify(node)},"hints":[${parts.hints.join()}],"lanes":[${parts.lanes.join()}]}`,
    );
    parts = { hints: [], lanes: [] };
    bytes = frameBytes;
  };
  const add = (kind: 'hints' | 'lanes', text: string) => {
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > maxMessageBytes) finish();
    parts[kind].push(text);
    bytes += size;
  };
  for (const hint of hints) add('hints', JSON.stringify(hint));
  for (const lane of lanes) add('lanes', lane);
  if (bytes > frameBytes) finish();
  return messages;
}

/** Reads a message; undefined for what is none of ours. */
export function readMessage(text: string): BusMessage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = busMessage.safeParse(json);
  if (!read.success) return undefined;
  const { node, hints, lanes } = read.data;
  return {
    node,
    hints,
    lanes: lanes.map(([of, lane, key, value]) => ({ stream: of, lane, key, value: reviveMoments(value) })),
  };
}
