/** `npm run dev`: the server, started anew when its source changes, and the console with hot reload in front of it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const run = (...args: string[]) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });

const children = [
  run('--watch', '--watch-preserve-output', 'src/main.ts'),
  run(
    join(root, 'node_modules/vite/bin/vite.js'),
    'web',
    '--config',
    'web/vite.config.ts',
    '--clearScreen=false',
  ),
];
const stop = (signal: NodeJS.Signals) => {
  for (const child of children) child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
for (const child of children) child.once('exit', () => stop('SIGTERM'));
