interface Manifest {
  publishConfig?: Record<string, unknown>;
  scripts?: Record<string, string>;
  [key: string]: unknown;
}

/** The package.json of the published package: `publishConfig` moved to the top, without the scripts. */
export function publishedManifest(text: string): string {
  const { publishConfig, scripts: _, ...rest } = JSON.parse(text) as Manifest;
  return `${JSON.stringify({ ...rest, ...publishConfig }, null, 2)}\n`;
}
