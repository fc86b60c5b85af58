import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { AccessChanges, type Party } from '../../../src/realtime/AccessChanges.ts';
import { Decision } from '../../../src/realtime/Decision.ts';
import { Epochs } from '../../../src/realtime/Epochs.ts';

const actors = ['a', 'b', null];
const projects = ['p', null];
const parties: Party[] = actors.flatMap((actorId) => projects.map((projectId) => ({ actorId, projectId })));

/** A read that is under way: it sees the database when it is `seen`, and the answer is here when it is `answered`. */
interface Read {
  see: () => unknown;
  seen: unknown;
  isSeen: boolean;
  answer: (value: never) => void;
}

/** A database of epochs and changes whose reads take place, and are answered, when the test says so. */
class World {
  policy = 1;
  access = 1;
  readonly changes: { epoch: number; actor_id: string | null; project_id: string | null }[] = [];
  /** Changes up to this epoch were tidied away. */
  tidied = 0;
  readonly reads: Read[] = [];
  readonly epochs = new Epochs();
  readonly accessChanges: AccessChanges;
  /** The decisions by party, with the epochs that their reads saw, and how often they were made. */
  readonly decisions: {
    party: Party;
    decision: Decision;
    made: number;
    seen: { policy: number; access: number };
  }[];

  constructor() {
    const query = ({ values: [since] }: { values: [number] }) =>
      this.read(() => {
        const rows = this.changes.filter(({ epoch }) => epoch > Math.max(since, this.tidied));
        const found = rows.length > 0 ? rows : [{ epoch: null, actor_id: null, project_id: null }];
        return {
          rows: found.map((row) =>
            Object.assign({ policy_epoch: this.policy, access_epoch: this.access }, row),
          ),
        };
      });
    const observe = (seen: { policyEpoch: number; accessEpoch: number }) => void this.epochs.observe(seen);
    this.accessChanges = new AccessChanges({ query } as unknown as pg.Pool, this.epochs, observe);
    const parts = { epochs: this.epochs, changes: this.accessChanges, observe };
    this.decisions = parties.map((party) => {
      const entry = { party, made: 0, seen: { policy: 0, access: 0 } } as World['decisions'][number];
      const decide = async () => {
        const seen = await this.read(() => ({ policy: this.policy, access: this.access }));
        Object.assign(entry, { seen, made: entry.made + 1 });
        const caller = party.actorId === null ? null : { id: party.actorId };
        const { policy: policyEpoch, access: accessEpoch } = seen;
        return { can: () => true, caller, projectId: party.projectId, policyEpoch, accessEpoch };
      };
      entry.decision = new Decision(parts, { decide }, { wake: () => {} });
      return entry;
    });
  }

  read<T>(see: () => T): Promise<T> {
    return new Promise((answer) => this.reads.push({ see, seen: undefined, isSeen: false, answer }));
  }

  see(index: number): void {
    const read = this.reads[index % Math.max(1, this.reads.length)];
    if (!read || read.isSeen) return;
    Object.assign(read, { seen: read.see(), isSeen: true });
  }

  answer(index: number): void {
    const seen = this.reads.filter(({ isSeen }) => isSeen);
    const read = seen[index % Math.max(1, seen.length)];
    if (!read) return;
    this.reads.splice(this.reads.indexOf(read), 1);
    read.answer(read.seen as never);
  }

  change(actorId: string | null, projectId: string | null): void {
    this.access += 1;
    this.changes.push({ epoch: this.access, actor_id: actorId, project_id: projectId });
  }

  /** The last change, of those that a read has shown, that concerns the party. */
  readonly lastOf = ({ actorId, projectId }: Party): number => {
    const concerns = this.changes.filter(
      ({ epoch, actor_id: actor, project_id: project }) =>
        epoch <= this.epochs.access &&
        (actor === null || actor === actorId) &&
        (project === null || project === projectId),
    );
    return concerns.at(-1)?.epoch ?? 0;
  };

  /** Lets all reads be answered until nobody waits. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 1_000; turns += 1) {
      await turn();
      if (this.reads.length === 0) return;
      this.see(0);
      this.answer(0);
      expectSound(this);
    }
    expect.fail('The reads do not come to an end.');
  }

  async renewAll(): Promise<void> {
    for (
      let rounds = 0;
      rounds < 10 && this.decisions.some(({ decision }) => !decision.stands());
      rounds += 1
    ) {
      for (const { decision } of this.decisions) void decision.renew();
      await this.settle();
    }
  }
}

/** No decision stands that a change which some read has shown has overtaken. */
function expectSound({ decisions, epochs, lastOf }: World): void {
  for (const { party, decision, seen } of decisions) {
    if (!decision.stands()) continue;
    expect(seen.access).toBeGreaterThanOrEqual(lastOf(party));
    expect(seen.policy).toBeGreaterThanOrEqual(epochs.policy);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const index = fc.nat({ max: 5 });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      actor: fc.constantFrom(...actors),
      project: fc.constantFrom(...projects),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('policy' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tidy' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('observe' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refresh' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('renew' as const), index }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('see' as const), index }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('answer' as const), index }) },
);

test('however reads and changes interleave, no decision stands that a change which was seen has overtaken', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const world = new World();
      await world.renewAll();
      for (const given of steps) {
        if (given.kind === 'change') world.change(given.actor, given.project);
        else if (given.kind === 'policy') world.policy += 1;
        else if (given.kind === 'tidy') world.tidied = world.access;
        else if (given.kind === 'observe')
          world.epochs.observe({ policyEpoch: world.policy, accessEpoch: world.access });
        else if (given.kind === 'refresh') void world.accessChanges.refresh();
        else if (given.kind === 'renew')
          void world.decisions[given.index % world.decisions.length]?.decision.renew();
        else if (given.kind === 'see') world.see(given.index);
        else world.answer(given.index);
        await turn();
        expectSound(world);
      }
      await world.settle();
      await world.renewAll();
      for (const { decision } of world.decisions) expect(decision.stands()).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('only whom a change concerns has to be decided anew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actors), fc.constantFrom(...projects), async (actor, project) => {
      const world = new World();
      await world.renewAll();
      const before = world.decisions.map(({ made }) => made);
      world.change(actor, project);
      void world.accessChanges.refresh();
      await world.settle();
      await world.renewAll();
      for (const [position, { party, made, decision }] of world.decisions.entries()) {
        const concerns =
          (actor === null || actor === party.actorId) && (project === null || project === party.projectId);
        expect(made - (before[position] ?? 0)).toBe(concerns ? 1 : 0);
        expect(decision.stands()).toBe(true);
      }
    }),
  );
});

/** A world in which all is decided, and the decision of one party in it. */
async function startDecided(): Promise<{ world: World; entry: World['decisions'][number] }> {
  const world = new World();
  await world.renewAll();
  const entry = world.decisions.find(({ party }) => party.actorId === 'a' && party.projectId === 'p');
  return { world, entry: entry ?? expect.fail('There is no such party.') };
}

/** Begins to decide anew after a change, and has the read see the database as it is now. */
async function beginAnew(world: World, { decision }: World['decisions'][number]): Promise<void> {
  world.change('a', 'p');
  void world.accessChanges.refresh();
  await world.settle();
  void decision.renew();
  await turn();
  world.see(0);
}

test('a change that becomes known while the decision is being read takes it back', async () => {
  const { world, entry } = await startDecided();
  await beginAnew(world, entry);
  world.change('a', null);
  void world.accessChanges.refresh();
  await turn();
  world.see(1);
  world.answer(1);
  await turn();
  expect(world.accessChanges.isCurrent).toBe(true);
  world.answer(0);
  await turn();
  expect(entry.decision.stands()).toBe(false);
  await world.renewAll();
  expect(entry.decision.stands()).toBe(true);
});

test('so does a change of which nothing can be learnt, and one of the policy', async () => {
  for (const change of ['untold', 'policy'] as const) {
    const { world, entry } = await startDecided();
    await beginAnew(world, entry);
    if (change === 'untold') world.access += 1;
    else world.policy += 1;
    void world.accessChanges.refresh();
    await turn();
    world.see(1);
    world.answer(1);
    await turn();
    world.answer(0);
    await turn();
    expect(entry.decision.stands()).toBe(false);
  }
});

test('a decision that was read after the change is not made again when the change becomes known', async () => {
  const { world, entry } = await startDecided();
  const { made } = entry;
  world.policy += 1;
  world.epochs.observe({ policyEpoch: world.policy, accessEpoch: world.access });
  void entry.decision.renew();
  await turn();
  world.change('a', 'p');
  world.see(0);
  world.answer(0);
  await turn();
  // Whom the change concerns is not known yet.
  expect(entry.decision.stands()).toBe(false);
  void entry.decision.renew();
  await world.settle();
  expect(entry.decision.stands()).toBe(true);
  expect(entry.made - made).toBe(1);
});

test('a decision that is over is told of nothing more, although its read was under way', async () => {
  const world = new World();
  const [entry] = world.decisions;
  void world.accessChanges.refresh();
  await world.settle();
  void entry?.decision.renew();
  await turn();
  entry?.decision.end();
  await world.settle();
  expect(entry?.made).toBe(1);
  expect(entry?.decision.stands()).toBe(false);
});

test('a read that fails is tried again by the next who asks', async () => {
  const epochs = new Epochs();
  let failures = 1;
  const query = async () => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('not now');
    }
    return { rows: [{ policy_epoch: 1, access_epoch: 5, epoch: null, actor_id: null, project_id: null }] };
  };
  const changes = new AccessChanges(
    { query } as unknown as pg.Pool,
    epochs,
    (seen) => void epochs.observe(seen),
  );
  await expect(changes.catchUp()).rejects.toThrow('not now');
  expect(changes.isCurrent).toBe(false);
  await changes.catchUp();
  expect(changes.isCurrent).toBe(true);
  expect(epochs.access).toBe(5);
});
