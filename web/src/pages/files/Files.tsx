import { Alert, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { type ProjectState, readFailure } from 'tessera-client';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { usePresence } from '../../kit/live/usePresence.ts';
import { Count } from '../../kit/numbers.tsx';
import { useAccount } from '../../kit/useAccount.ts';
import { FileTree } from './FileTree.tsx';
import { SyncBox } from './SyncBox.tsx';
import { buildTree, flatten, sumUp } from './tree.ts';
import { type FileEntry, type Manifest, useFiles, useManifest, useMarks } from './useFiles.ts';

/** Folders that were opened, by project: they stay so while one reads a file. */
const opened = new Map<string, ReadonlySet<string>>();
/** Trees of so many files begin with their first folders open. */
const few = 200;

/** The files of the project as of its last sync, with who is where and where something is discussed. */
export default function Files() {
  return <ProjectPage title="Files">{(project) => <Tree project={project} />}</ProjectPage>;
}

function Tree({ project }: { project: ProjectState }) {
  const manifest = useManifest(project.id);
  const files = useFiles(project.id, manifest.data?.version);
  if (manifest.data && files.data)
    return <Listing project={project} manifest={manifest.data} files={files.data} />;
  if (readFailure(manifest.error)?.code === 'MANIFEST_MISSING')
    return (
      <Paper withBorder p="xl">
        <SyncBox project={project} isFirst />
      </Paper>
    );
  const error = manifest.error ?? files.error;
  if (error)
    return (
      <FailureNotice error={error} onRetry={() => (manifest.error ? manifest.refetch() : files.refetch())} />
    );
  return <Loading what="the files" />;
}

interface ListingProps {
  project: ProjectState;
  manifest: Manifest;
  files: readonly FileEntry[];
}

function Listing({ project, manifest, files }: ListingProps) {
  const projectId = project.id;
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim().toLowerCase());
  const [open, setOpen] = useState(
    () => opened.get(projectId) ?? new Set(files.length <= few ? firstFolders(files) : []),
  );
  const noteOf = useNotes(projectId);
  const found = useMemo(
    () => (text === '' ? files : files.filter(({ path }) => path.toLowerCase().includes(text))),
    [files, text],
  );
  const tree = useMemo(() => buildTree(found), [found]);
  // What a filter has found is shown, however deep it lies.
  const isOpen = (path: string) => (text === '' ? open.has(path) : !open.has(`closed:${path}`));
  const rows = flatten(tree, isOpen);
  const toggle = (path: string) => {
    const name = text === '' ? path : `closed:${path}`;
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    opened.set(projectId, next);
    setOpen(next);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <TextInput
          label="Find a file"
          placeholder="Part of its path"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          w="min(24rem, 100%)"
        />
        <SyncBox project={project} isFirst={false} />
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {text === '' ? (
          <>
            <Count value={files.length} /> {files.length === 1 ? 'file' : 'files'} of version{' '}
            {manifest.version}, <Time at={manifest.createdAt} />
          </>
        ) : (
          <>
            <Count value={found.length} /> of <Count value={files.length} /> files
          </>
        )}
      </Text>
      {manifest.warnings.length > 0 && (
        <Alert color="yellow" title="Not everything could be read">
          {manifest.warnings.map((warning) => (
            <Text key={warning} size="sm">
              {warning}
            </Text>
          ))}
        </Alert>
      )}
      {rows.length === 0 ? (
        <Text c="dimmed">{text === '' ? 'The repository is empty.' : 'No file is called so.'}</Text>
      ) : (
        <FileTree projectId={projectId} rows={rows} isOpen={isOpen} onToggle={toggle} noteOf={noteOf} />
      )}
    </Stack>
  );
}

const firstFolders = (files: readonly FileEntry[]) =>
  files.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : []));

/** What is said of files and folders: open threads, and others who are there. */
function useNotes(projectId: string): (path: string) => { threads: string; people: string } {
  const ownId = useAccount().data?.id;
  const marks = useMarks(projectId);
  const present = usePresence(projectId, null);
  const threads = useMemo(
    () =>
      sumUp(
        [...marks].map(([path, { open }]) => [path, open] as const),
        (a, b) => a + b,
      ),
    [marks],
  );
  const people = useMemo(() => {
    const places = present
      .filter(({ actor }) => actor.id !== ownId)
      .flatMap(({ actor, places: all }) =>
        all.flatMap(({ filePath }) => (filePath === null ? [] : [[filePath, [actor.name]] as const])),
      );
    return sumUp<readonly string[]>(places, (a, b) => [...new Set([...a, ...b])]);
  }, [present, ownId]);
  return (path) => {
    const open = threads.get(path) ?? 0;
    const names = people.get(path);
    return {
      threads: open === 0 ? '' : `${open} open ${open === 1 ? 'thread' : 'threads'}`,
      people: names ? `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} here` : '',
    };
  };
}
