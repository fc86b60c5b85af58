import type { Arena } from './Arena.ts';
import type { Watcher } from './watchers.ts';

/** What the faults work on. */
export interface Target {
  arena: Arena;
  watchers: Watcher[];
  random: () => number;
  isShort: boolean;
  /** Waits so many milliseconds, or a part of them in a short run. */
  rest: (milliseconds: number) => Promise<void>;
}

export interface Fault {
  name: string;
  /** Does the harm and undoes it; resolves when everything stands again. */
  strike: (target: Target) => Promise<void>;
  /** When it comes in short runs, together with the others of that wave. Absent: it needs longer to show what comes of it. */
  wave?: 1 | 2 | 3;
}

const pick = <T>(items: readonly T[], random: () => number): T =>
  items[Math.floor(random() * items.length)] as T;

/** Every way in which things go wrong, the one with the longest consequences first. */
export const faults: Fault[] = [
  {
    name: 'worker killed (-9)',
    wave: 1,
    async strike({ arena, rest, isShort }) {
      arena.worker.signal('SIGKILL');
      // Nobody waits for it: it is started again while other things go wrong.
      await rest(1_000);
      // Nor, in a short run, until its silence is long enough for its job to be taken up by another.
      if (isShort) await arena.ageHeartbeats();
    },
  },
  {
    name: 'server killed (-9)',
    wave: 2,
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGKILL');
      await rest(500);
      await server.whenReady();
    },
  },
  {
    name: 'bus cut',
    wave: 2,
    async strike({ arena, rest }) {
      arena.cut('bus');
      await rest(2_000);
      arena.mend();
    },
  },
  {
    name: 'PostgreSQL killed (-9)',
    wave: 3,
    async strike({ arena, rest }) {
      await arena.killPostgres();
      await rest(500);
      await arena.startPostgres();
    },
  },
  {
    name: 'hints lost and repeated',
    wave: 1,
    async strike({ arena, rest }) {
      arena.disturb({ drop: 0.4, repeat: 0.4 });
      await rest(2_000);
      arena.disturb({ drop: 0, repeat: 0 });
    },
  },
  {
    name: 'readers paused',
    wave: 1,
    async strike({ watchers, rest }) {
      for (const watcher of watchers) watcher.pause();
      await rest(2_000);
      for (const watcher of watchers) watcher.resume();
    },
  },
  {
    name: 'clocks stepped by an hour',
    wave: 2,
    async strike({ arena, rest }) {
      for (let step = 0; step < 3; step += 1) {
        for (const servant of arena.processes) servant.signal('SIGUSR2');
        await rest(700);
      }
    },
  },
  {
    name: 'all connections to the database and the bus cut',
    async strike({ arena, rest }) {
      arena.cut('all');
      await rest(1_500);
      arena.mend();
    },
  },
  {
    name: 'server stopped in mid-air (STOP, CONT)',
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGSTOP');
      await rest(4_000);
      server.signal('SIGCONT');
    },
  },
  {
    name: 'worker stopped until its job is taken from it',
    async strike({ arena, rest }) {
      arena.worker.signal('SIGSTOP');
      await rest(14_000);
      arena.worker.signal('SIGCONT');
    },
  },
  {
    name: 'server stopped gracefully (TERM)',
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGTERM');
      await rest(3_000);
      await server.whenReady();
    },
  },
  {
    name: 'everything killed at once (-9)',
    async strike({ arena, rest }) {
      for (const servant of arena.processes) servant.signal('SIGKILL');
      await Promise.all([arena.killPostgres(), arena.nats?.kill()]);
      await rest(500);
      await Promise.all([arena.startPostgres(), arena.nats?.start()]);
      await Promise.all(arena.processes.map((servant) => servant.whenReady()));
    },
  },
];

/** Those of a short run, by the wave in which they come together. */
export const waves: Fault[][] = [1, 2, 3].map((number) => faults.filter(({ wave }) => wave === number));
