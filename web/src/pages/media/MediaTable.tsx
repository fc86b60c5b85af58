import { Anchor, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Time } from '../../kit/Time.tsx';
import { formatDuration } from '../../kit/formatDuration.ts';
import { Bytes } from '../../kit/numbers.tsx';
import { MediaActions } from './MediaActions.tsx';
import { type Media, MediaStatus, kinds } from './MediaStatus.tsx';

export interface MediaTableProps {
  files: readonly Media[];
  /** Whether these are the deleted ones: they have no page. */
  deleted?: boolean;
  may: (permission: string) => boolean;
}

/** Media files with what is known of each, and what can be done with it. */
export const MediaTable = ({ files, deleted = false, may }: MediaTableProps) => (
  <div className="table-scroll">
    <Table aria-label={deleted ? 'Deleted files' : 'Media files'}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Kind</Table.Th>
          <Table.Th>Length</Table.Th>
          <Table.Th>Size</Table.Th>
          <Table.Th>Added</Table.Th>
          <Table.Th>Action</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {files.map((file) => (
          <Table.Tr key={file.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }} miw={160}>
              {deleted ? (
                file.name
              ) : (
                <Anchor component={Link} to={`/projects/${file.projectId}/media/${file.id}`}>
                  {file.name}
                </Anchor>
              )}
              {file.error && (
                <Text size="sm">
                  {file.error.message} {file.error.remedy}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <MediaStatus status={file.status} />
            </Table.Td>
            <Table.Td>{kinds[file.mediaType]}</Table.Td>
            <Table.Td>{file.durationSeconds === null ? '' : formatDuration(file.durationSeconds)}</Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              {file.size !== null && <Bytes value={file.size} />}
            </Table.Td>
            <Table.Td>
              <Time at={file.createdAt} />
            </Table.Td>
            <Table.Td>
              <MediaActions file={file} deleted={deleted} may={may} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
);
