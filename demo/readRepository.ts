import type { Outputs, Watched } from '../client/src/index.ts';
import { Arrivals } from './Arrivals.ts';
import { DemoError } from './DemoError.ts';
import type { Person } from './joinAs.ts';
import type { Timeline } from './timeline.ts';

type JobProgress = Watched<'jobs'>;
type FileEntry = Outputs['repositories']['files']['items'][number];

/** A line of a file of the repository. */
export interface Spot {
  path: string;
  line: number;
  text: string;
}

/** How long a repository may take, fetching it included. */
const patience = 120_000;
const pageSize = 1000;
/** Of larger repositories the files are not all listed: the demo shall be short. */
const mostFiles = 20_000;
/** Files that are opened in search of one with enough lines. */
const mostTried = 50;

/** Shows a job's stages and every quarter of its way; @throws DemoError with the server's words when it fails. */
export async function syncRepository(owner: Person, projectId: string, timeline: Timeline): Promise<void> {
  const { client, name } = owner;
  const sent = performance.now();
  const progress = new Arrivals<JobProgress>();
  let shown = '';
  let isFirst = true;
  const watch = client.jobs.watch.subscribe(
    { projectId },
    {
      onData(value) {
        progress.add(value);
        const { stage, message, progress: percent, status } = value;
        const quarter = Math.floor(percent / 25);
        const at = `${status} ${stage} ${quarter}`;
        if (at === shown) return;
        shown = at;
        const said = [status, stage, message].filter(Boolean).join(' · ');
        timeline.row(
          name,
          `sees the sync at ${`${percent} %`.padStart(5)}  ${said}`,
          isFirst ? performance.now() - sent : undefined,
        );
        isFirst = false;
      },
      onError: (error) => progress.end(error),
    },
  );
  timeline.row(name, 'asks for a sync of the repository, watching its job');
  const job = await client.repositories.sync.mutate({ projectId });
  const isOver = ({ jobId, status }: JobProgress) =>
    jobId === job.id && ['completed', 'failed', 'cancelled'].includes(status);
  const { value: last } = await progress.first(isOver, 'The end of the sync', patience);
  watch.unsubscribe();
  if (last.status === 'completed') return;
  const { error } = await client.jobs.get.query({ projectId, jobId: job.id });
  throw new DemoError(
    error ? `${error.message} (${error.code})` : `The sync was ${last.status}.`,
    error?.remedy,
  );
}

/** The files of the latest version, the first 20,000 of them. */
export async function listFiles({ client }: Person, projectId: string): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  let cursor: string | null = null;
  do {
    const page: Outputs['repositories']['files'] = await client.repositories.files.query({
      projectId,
      cursor,
      limit: pageSize,
    });
    files.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && files.length < mostFiles);
  return files;
}

const isCode = /\.(?:[cm]?[jt]sx?|py|rs|go|java|kt|c|h|cc|cpp|cs|rb|php|swift|scala|ex|hs|sh|sql)$/;
const isSource = /^(?:src|lib|app|pkg|packages)\//;

/** Which files to try first: source code of a readable length. */
function rank({ path, size }: FileEntry): number {
  const isReadable = size !== null && size >= 500 && size <= 50_000;
  return (isCode.test(path) ? 0 : 4) + (isSource.test(path) ? 0 : 2) + (isReadable ? 0 : 1);
}

/** A line that is worth a question: a definition, else one with some words, else the third. */
function chooseLine(text: string): { line: number; text: string } {
  const lines = text.split(/\r?\n/).slice(0, 400);
  const isFit = (line: string) => line.trim().length >= 12 && line.length <= 90;
  const definition = lines.findIndex(
    (line) => isFit(line) && /\b(?:function|class|def|fn|func|interface|struct|return)\b/.test(line),
  );
  const words = lines.findIndex((line, at) => at >= 2 && isFit(line));
  const index = [definition, words, 2].find((at) => at >= 0) ?? 2;
  return { line: index + 1, text: lines[index] ?? '' };
}

/** Chooses a line to talk about, in source code if there is any. @throws DemoError without a text of five lines. */
export async function chooseSpot({ client }: Person, projectId: string, files: FileEntry[]): Promise<Spot> {
  const texts = files.filter(
    ({ kind, size }) => kind === 'text' && size !== null && size > 0 && size <= 500_000,
  );
  for (const { path } of texts.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostTried)) {
    const file = await client.repositories.file.query({ projectId, path });
    if (file.lines >= 5) return { path, ...chooseLine(file.text) };
  }
  throw new DemoError(
    'No text file of five lines or more was found to discuss.',
    'Choose another repository with --repo.',
  );
}
