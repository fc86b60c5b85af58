import { FileButton, Button, Paper, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { UploadItem } from './UploadItem.tsx';
import { endings } from './contentTypes.ts';
import { sendFiles, useUploads } from './uploads.ts';

/**
 * Takes files, by a button or dropped on it, and shows how far each is.
 * @param derivedFrom the file that they are made from
 */
export function UploadBox({
  projectId,
  derivedFrom = null,
  label = 'Upload files',
}: {
  projectId: string;
  derivedFrom?: string | null;
  label?: string;
}) {
  const [isOver, setOver] = useState(false);
  const uploads = useUploads(projectId);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    sendFiles(projectId, [...event.dataTransfer.files], derivedFrom);
  };
  return (
    <Stack gap="sm">
      <Paper
        withBorder
        p="md"
        className={isOver ? 'drop-zone drop-zone-over' : 'drop-zone'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Stack align="center" gap="xs">
          <FileButton
            multiple
            accept={endings}
            onChange={(files) => sendFiles(projectId, files, derivedFrom)}
          >
            {(button) => (
              <Button {...button} leftSection={<IconUpload size={16} aria-hidden />}>
                {label}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" ta="center">
            Or drop them here: videos, sound and subtitles.
          </Text>
        </Stack>
      </Paper>
      {uploads.length > 0 && (
        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Uploads">
          {uploads.map((upload) => (
            <UploadItem key={upload.key} upload={upload} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
