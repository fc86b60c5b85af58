/** Builds the console into web/dist: `npm ci` runs it. Without the development packages there is nothing to build with. */
async function prepare(): Promise<void> {
  const vite = await import('vite').catch((error: { code?: string }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (!vite) {
    console.error('The console was not built: its packages are not installed (npm ci without --omit=dev).');
    return;
  }
  await vite.build({ root: import.meta.dirname, logLevel: 'warn' });
}

await prepare();
