/**
 * Builds what is published: `npm run build -w client`. From src/ it makes dist/index.js and dist/index.d.ts;
 * the latter holds the router's types without any of the server, so that an application needs nothing else.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Plugin, rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const clientDir = import.meta.dirname;

/** Compiles src/ and all it takes types from into `outDir`, which mirrors the repository. */
async function compile(outDir: string): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const { bin } = JSON.parse(await readFile(compiler, 'utf8')) as { bin: { tsc: string } };
  const tsc = join(dirname(compiler), bin.tsc);
  await promisify(execFile)(
    process.execPath,
    [tsc, '-p', join(clientDir, 'tsconfig.build.json'), '--outDir', outDir, '--singleThreaded'],
    {
      maxBuffer: 2 ** 24,
    },
  ).catch((error: { stdout?: string; message: string }) => {
    throw new Error(`The types do not compile, so nothing was built:\n${error.stdout || error.message}`, {
      cause: error,
    });
  });
}

/** Emitted declarations import one another as `./name.ts`, whose declarations lie in `./name.d.ts`. */
const findDeclarations: Plugin = {
  name: 'find-declarations',
  resolveId: (specifier, importer) =>
    importer && /^\..*(?<!\.d)\.ts$/.test(specifier)
      ? resolve(dirname(importer), specifier.replace(/\.ts$/, '.d.ts'))
      : undefined,
};

/** Writes one declaration file that holds what the entry's types are made of, and nothing else. */
async function bundleTypes(entry: string, file: string): Promise<void> {
  const bundle = await rolldown({
    input: entry,
    external: /^[^./]/,
    // It would write the paths of the temporary directory into the file.
    experimental: { attachDebugInfo: 'none' },
    plugins: [findDeclarations, dts({ dtsInput: true, tsconfig: false })],
  });
  await bundle.write({ file, format: 'es' });
  await bundle.close();
}

/** @throws Error naming the types of the server that the declarations would import. */
async function refuseLeaks(file: string): Promise<void> {
  const manifest = await readFile(join(clientDir, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  const isDeclared = (specifier: string) =>
    Object.keys(dependencies).some((name) => `${specifier}/`.startsWith(`${name}/`));
  const leaks: string[] = [];
  let procedure = '';
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    procedure = /^ {4}(\w+): .*Procedure</.exec(line)?.[1] ?? procedure;
    for (const [, specifier = ''] of line.matchAll(/(?:\bfrom |\bimport\()["']([^"']+)["']/g)) {
      if (!isDeclared(specifier)) leaks.push(`${line.trim()} (at or before the procedure ${procedure})`);
    }
  }
  if (leaks.length === 0) return;
  throw new Error(
    `Applications would need parts of the server for these types:\n  ${leaks.join('\n  ')}\n` +
      'A procedure answers something that is no view: give its resolver a return type.',
  );
}

/**
 * Builds into `outDir` (emptied first).
 * @throws Error when the types do not compile, or would pull a part of the server into applications.
 */
export async function buildClient(outDir: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'tessera-client-'));
  try {
    await compile(work);
    // The context of a call is the server's own: orm, pools, settings.
    await writeFile(join(work, 'src/routers/context.d.ts'), 'export type Context = object;\n');
    await rm(outDir, { recursive: true, force: true });
    const emitted = join(work, 'client/src');
    for (const name of await readdir(emitted)) {
      if (name.endsWith('.js')) await cp(join(emitted, name), join(outDir, name), { recursive: true });
    }
    await bundleTypes(join(emitted, 'index.d.ts'), join(outDir, 'index.d.ts'));
    await refuseLeaks(join(outDir, 'index.d.ts'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient(join(clientDir, 'dist'));
