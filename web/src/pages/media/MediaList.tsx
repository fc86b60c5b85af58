import { Group, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { trpc } from '../../api.ts';
import { FilterSelect } from '../../kit/FilterSelect.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useRights } from '../../kit/useRight.ts';
import { type Media, kinds, statuses } from './MediaStatus.tsx';
import { MediaTable } from './MediaTable.tsx';
import { Quota } from './Quota.tsx';
import { UploadBox } from './UploadBox.tsx';

type Kind = Media['mediaType'];
type Status = Media['status'];
type May = (permission: string) => boolean;

const kindChoices = (Object.entries(kinds) as [Kind, string][]).map(([value, label]) => ({ value, label }));
const statusChoices = (Object.keys(statuses) as Status[]).map((value) => ({
  value,
  label: statuses[value].word,
}));

function Present({ projectId, may }: { projectId: string; may: May }) {
  const [status, setStatus] = useState<Status | null>(null);
  const [mediaType, setMediaType] = useState<Kind | null>(null);
  const filter = { ...(status ? { status } : {}), ...(mediaType ? { mediaType } : {}) };
  const pages = useLiveList(
    'media',
    projectId,
    trpc.media.list.infiniteQueryOptions({ projectId, ...filter }, byCursor),
    'first',
  );
  const items = pages.items?.filter(
    (file) =>
      (status === null || file.status === status) && (mediaType === null || file.mediaType === mediaType),
  );
  const isFiltered = status !== null || mediaType !== null;
  return (
    <>
      <Group align="end">
        <FilterSelect
          label="State"
          all="Any state"
          data={statusChoices}
          value={status}
          onChange={setStatus}
        />
        <FilterSelect
          label="Kind"
          all="Any kind"
          data={kindChoices}
          value={mediaType}
          onChange={setMediaType}
        />
      </Group>
      <PagedList
        pages={{ ...pages, items }}
        what="the files"
        empty={isFiltered ? 'There is no such file.' : 'There are no media files yet.'}
      >
        {(files) => <MediaTable files={files} may={may} />}
      </PagedList>
    </>
  );
}

function Deleted({ projectId, may }: { projectId: string; may: May }) {
  const pages = usePages(trpc.media.list.infiniteQueryOptions({ projectId, deleted: true }, byCursor));
  return (
    <PagedList pages={pages} what="deleted files" empty="Nothing was deleted, or it is gone for good.">
      {(files) => <MediaTable files={files} deleted may={may} />}
    </PagedList>
  );
}

/** Videos, sounds and subtitles of the project, live; and the way to add some. */
export default function MediaList() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const [which, setWhich] = useState('present');
  return (
    <ProjectPage title="Media">
      {() => (
        <>
          {may('media.createUpload') && <UploadBox projectId={projectId} />}
          {may('media.usage') && <Quota projectId={projectId} />}
          {may('media.restore') && (
            <SegmentedControl
              aria-label="Which files"
              w="fit-content"
              value={which}
              onChange={setWhich}
              data={[
                { value: 'present', label: 'Files' },
                { value: 'deleted', label: 'Deleted' },
              ]}
            />
          )}
          {which === 'deleted' ? (
            <Deleted projectId={projectId} may={may} />
          ) : (
            <Present projectId={projectId} may={may} />
          )}
        </>
      )}
    </ProjectPage>
  );
}
