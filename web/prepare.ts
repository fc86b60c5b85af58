/** Builds the console into web/dist: `npm ci` runs it. Without the development packages there is nothing to build with. */
async function prepare(): Promise<void> {
  const vite = await import('vite').catch((error: { code?: string }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (!vite) {
    console.error(
      'The console was not built, because what builds it is not installed; the server runs without it. To have it, run `npm ci` without --omit=dev and with no NODE_ENV=production, or set CONSOLE_DIR to one that was built elsewhere.',
    );
    return;
  }
  await vite.build({ root: import.meta.dirname, logLevel: 'warn' });
}

await prepare();
