import type { Arena } from './Arena.ts';
import type { Watcher } from './watchers.ts';

/** What the faults work on. */
export interface Target {
  arena: Arena;
  watchers: Watcher[];
  random: () => number;
  /** Waits so many milliseconds, or half of them in a short run. */
  rest: (milliseconds: number) => Promise<void>;
}

export interface Fault {
  name: string;
  /** Does the harm and undoes it; resolves when everything stands again. */
  strike: (target: Target) => Promise<void>;
  /** Left out of short runs: it needs longer to show what comes of it. */
  isLong?: boolean;
}

const pick = <T>(items: readonly T[], random: () => number): T =>
  items[Math.floor(random() * items.length)] as T;

/** Every way in which things go wrong, the one with the longest consequences first. */
export const faults: Fault[] = [
  {
    name: 'worker killed (-9)',
    async strike({ arena, rest }) {
      arena.worker.signal('SIGKILL');
      // Nobody waits for it: it is started again while other things go wrong.
      await rest(1_000);
    },
  },
  {
    name: 'server killed (-9)',
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGKILL');
      await rest(500);
      await server.whenReady();
    },
  },
  {
    name: 'bus cut',
    async strike({ arena, rest }) {
      arena.wire.cut('bus');
      await rest(2_000);
      arena.wire.mend();
    },
  },
  {
    name: 'PostgreSQL killed (-9)',
    async strike({ arena, rest }) {
      await arena.killPostgres();
      await rest(500);
      await arena.startPostgres();
    },
  },
  {
    name: 'hints lost and repeated',
    async strike({ arena, rest }) {
      arena.wire.disturb({ drop: 0.4, repeat: 0.4 });
      await rest(2_000);
      arena.wire.disturb({ drop: 0, repeat: 0 });
    },
  },
  {
    name: 'readers paused',
    async strike({ watchers, rest }) {
      for (const watcher of watchers) watcher.pause();
      await rest(2_000);
      for (const watcher of watchers) watcher.resume();
    },
  },
  {
    name: 'clocks stepped by an hour',
    async strike({ arena, rest }) {
      const processes = [...arena.servers, arena.worker];
      for (let step = 0; step < 3; step += 1) {
        for (const servant of processes) servant.signal('SIGUSR2');
        await rest(700);
      }
    },
  },
  {
    name: 'all connections to the database cut',
    async strike({ arena, rest }) {
      arena.wire.cut('all');
      await rest(1_500);
      arena.wire.mend();
    },
    isLong: true,
  },
  {
    name: 'server stopped in mid-air (STOP, CONT)',
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGSTOP');
      await rest(4_000);
      server.signal('SIGCONT');
    },
    isLong: true,
  },
  {
    name: 'worker stopped until its job is taken from it',
    async strike({ arena, rest }) {
      arena.worker.signal('SIGSTOP');
      await rest(14_000);
      arena.worker.signal('SIGCONT');
    },
    isLong: true,
  },
  {
    name: 'server stopped gracefully (TERM)',
    async strike({ arena, random, rest }) {
      const server = pick(arena.servers, random);
      server.signal('SIGTERM');
      await rest(3_000);
      await server.whenReady();
    },
    isLong: true,
  },
  {
    name: 'everything killed at once (-9)',
    async strike({ arena, rest }) {
      for (const servant of [...arena.servers, arena.worker]) servant.signal('SIGKILL');
      await arena.killPostgres();
      await rest(500);
      await arena.startPostgres();
      await Promise.all([...arena.servers, arena.worker].map((servant) => servant.whenReady()));
    },
    isLong: true,
  },
];
