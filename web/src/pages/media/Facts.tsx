import { Code, Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Outputs } from 'tessera-client';
import { CopyButton } from '../../kit/CopyButton.tsx';
import { Time } from '../../kit/Time.tsx';
import { formatDuration } from '../../kit/formatDuration.ts';
import { formatBytes, formatCount } from '../../kit/numbers.tsx';
import { useNames } from '../../kit/useNames.ts';
import { MediaStatus, kinds } from './MediaStatus.tsx';

type Details = Outputs['media']['get'];
type Stream = NonNullable<Details['facts']>['streams'][number];

const streamKinds: Record<Stream['kind'], string> = {
  video: 'Pictures',
  audio: 'Sound',
  subtitle: 'Subtitles',
  image: 'Picture',
  data: 'Data',
};

/** What is known of a stream, in one line. */
function describe({ codec, language, width, height, frameRate, channels, sampleRate }: Stream): string {
  return [
    codec,
    width && height ? `${width} × ${height}` : null,
    frameRate ? `${formatCount(frameRate)} pictures a second` : null,
    channels ? `${formatCount(channels)} ${channels === 1 ? 'channel' : 'channels'}` : null,
    sampleRate ? `${formatCount(sampleRate)} Hz` : null,
    language,
  ]
    .filter(Boolean)
    .join(', ');
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={160}>
      {name}
    </Table.Th>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
  </Table.Tr>
);

/** What was found out about a file. */
export function Facts({ file }: { file: Details }) {
  const { status, mediaType, contentType, size, durationSeconds, facts, sha256, userId, createdAt } = file;
  const name = useNames([userId])(userId);
  return (
    <Table aria-label="Facts" layout="auto" maw={720}>
      <Table.Tbody>
        <Row name="State">
          <MediaStatus status={status} />
        </Row>
        <Row name="Kind">
          {kinds[mediaType]} {contentType && `(${contentType})`}
        </Row>
        {size !== null && <Row name="Size">{formatBytes(size)}</Row>}
        {durationSeconds !== null && <Row name="Length">{formatDuration(durationSeconds)}</Row>}
        {facts?.streams.map((stream, index) => (
          // A file's streams never change.
          // oxlint-disable-next-line react/no-array-index-key
          <Row key={index} name={streamKinds[stream.kind]}>
            {describe(stream)}
          </Row>
        ))}
        {facts?.bitRate != null && (
          <Row name="Data rate">{formatCount(Math.round(facts.bitRate / 1000))} kbit/s</Row>
        )}
        {facts?.cues != null && <Row name="Cues">{formatCount(facts.cues)}</Row>}
        {sha256 && (
          <Row name="SHA-256">
            <Group gap="xs">
              <Code style={{ overflowWrap: 'anywhere' }}>{sha256}</Code>
              <CopyButton value={sha256} what="the checksum" />
            </Group>
          </Row>
        )}
        <Row name="Added">
          <Time at={createdAt} />{' '}
          {userId && (
            <Text span inherit>
              by {name ?? '…'}
            </Text>
          )}
        </Row>
      </Table.Tbody>
    </Table>
  );
}
