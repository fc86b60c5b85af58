import type { Stream } from '../events/emit.ts';
import type { Bus, EpochName, LaneInterest, LaneValue, Streams } from './Bus.ts';
import { type InterestChanges, Topics } from './Topics.ts';
import { hintTopic, hintTopics, laneTopic, laneTopics } from './topicNames.ts';

/** Who in this process listens to a bus, and to what. */
export class Audience implements Pick<Bus, 'onHint' | 'onLane' | 'onEpoch' | 'onReconnect'> {
  readonly #hints: Topics<(stream: Stream, seq: number) => void>;
  readonly #lanes: Topics<(value: LaneValue) => void>;
  readonly #epochs = new Topics<(name: EpochName, epoch: number) => void>();
  readonly #reconnects = new Topics<() => void>();

  /** @param changes told of the topics of hints and latest values that are wanted; see topicNames. */
  constructor(changes?: InterestChanges) {
    this.#hints = new Topics(changes);
    this.#lanes = new Topics(changes);
  }

  onHint(listener: (stream: Stream, seq: number) => void, streams?: Streams): () => void {
    return this.#hints.add(hintTopic(streams), listener);
  }

  onLane(listener: (value: LaneValue) => void, of?: LaneInterest): () => void {
    return this.#lanes.add(laneTopic(of), listener);
  }

  onEpoch(listener: (name: EpochName, epoch: number) => void): () => void {
    return this.#epochs.add('', listener);
  }

  onReconnect(listener: () => void): () => void {
    return this.#reconnects.add('', listener);
  }

  /** @param topics those whose listeners are told; left out: all that it concerns. */
  tellHint(stream: Stream, seq: number, topics: readonly string[] = hintTopics(stream)): void {
    for (const told of this.#hints.of(topics)) told(stream, seq);
  }

  /** @param topics those whose listeners are told; left out: all that it concerns. */
  tellLane(value: LaneValue, topics: readonly string[] = laneTopics(value.stream, value.lane)): void {
    for (const told of this.#lanes.of(topics)) told(value);
  }

  tellEpoch(name: EpochName, epoch: number): void {
    for (const told of this.#epochs.of([''])) told(name, epoch);
  }

  tellReconnect(): void {
    for (const told of this.#reconnects.of([''])) told();
  }
}
