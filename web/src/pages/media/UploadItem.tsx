import { Alert, Button, FileButton, Group, Paper, Progress, Text } from '@mantine/core';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { formatBytes, formatShare } from '../../kit/numbers.tsx';
import { useRight } from '../../kit/useRight.ts';
import { endings } from './contentTypes.ts';
import { type Upload, discardUpload, sendFiles, stopUpload } from './uploads.ts';

const words: Record<Upload['state'], string> = {
  sending: 'on its way',
  waiting: 'waits for the connection',
  ending: 'has arrived; it is being handed over',
  stopped: 'has stopped. Choose the same file again, and it goes on where it was',
  failed: 'has failed',
};

/** One file on its way: how far it is, and what can be done about it. */
export function UploadItem({ upload }: { upload: Upload }) {
  const { key, projectId, name, size, sent, state, failure } = upload;
  const mayDelete = useRight('media.delete', projectId);
  const share = size > 0 ? sent / size : 0;
  const discard = () => void discardUpload(upload, mayDelete).catch(tellFailure);
  const isMoving = state === 'sending' || state === 'waiting';
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between">
        <Text style={{ overflowWrap: 'anywhere' }}>
          {name}{' '}
          <Text span size="sm">
            {words[state]}
          </Text>
        </Text>
        <Group gap="xs">
          {isMoving && (
            <Button size="xs" variant="default" aria-label={`Stop ${name}`} onClick={() => stopUpload(key)}>
              Stop
            </Button>
          )}
          {state === 'stopped' && (
            <FileButton accept={endings} onChange={(file) => file && sendFiles(projectId, [file])}>
              {(button) => (
                <Button {...button} size="xs" variant="default" aria-label={`Choose again: ${name}`}>
                  Choose again
                </Button>
              )}
            </FileButton>
          )}
          {(state === 'stopped' || state === 'failed') && (
            <Button size="xs" variant="default" aria-label={`Discard ${name}`} onClick={discard}>
              Discard
            </Button>
          )}
        </Group>
      </Group>
      {isMoving && (
        <Group gap="xs" mt="xs" wrap="nowrap">
          <Progress.Root size="lg" flex={1}>
            <Progress.Section value={share * 100} color="blue.8" aria-label={`Upload of ${name}`} />
          </Progress.Root>
          <Text size="sm">
            {formatShare(share)} of {formatBytes(size)}
          </Text>
        </Group>
      )}
      {failure && (
        <Alert color="red" variant="light" role="alert" mt="xs" title={failure.message}>
          {failure.remedy}
        </Alert>
      )}
    </Paper>
  );
}
