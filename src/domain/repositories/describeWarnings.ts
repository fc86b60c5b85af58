import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import type { ManifestFiles } from './Manifest.ts';

const mostWarnings = 100;
const units = ['bytes', 'kB', 'MB', 'GB'];

/** A size in the unit that fits, decimal as disks are sold: `200 MB`. */
function formatSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

function describe(path: string, entry: ManifestEntry, maxTextBytes: number): string | undefined {
  const name = JSON.stringify(path);
  switch (entry.kind) {
    case 'submodule':
      return `${name} is a submodule at commit ${entry.oid.slice(0, 12)}: recorded, not followed.`;
    case 'symlink':
      return `${name} is a symbolic link: recorded, not followed.`;
    case 'large':
      return `${name} has ${formatSize(entry.size ?? 0)}, more than the ${formatSize(maxTextBytes)} up to which text is kept: recorded by its hash only.`;
    default:
      return undefined;
  }
}

/** What was recorded but not followed or not kept, in sentences; after a hundred only how many more. */
export function describeWarnings(files: ManifestFiles, maxTextBytes: number): string[] {
  const warnings: string[] = [];
  let more = 0;
  for (const [path, entry] of files) {
    const warning = describe(path, entry, maxTextBytes);
    if (warning === undefined) continue;
    if (warnings.length < mostWarnings) warnings.push(warning);
    else more += 1;
  }
  return more > 0 ? [...warnings, `And ${more} more.`] : warnings;
}
