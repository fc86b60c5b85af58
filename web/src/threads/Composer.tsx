import { Button, Group, Paper, Stack, Text, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Markdown } from '../kit/Markdown.tsx';
import { MarkdownField } from './MarkdownField.tsx';
import { useDraft } from './useDraft.ts';

export interface ComposerProps {
  projectId: string;
  /** Under which name what is written is kept until it is sent; also this component's key. */
  draft: string;
  /** What it says before anything was written. */
  initial?: string;
  /** The field's accessible name, such as “Comment on line 12”. */
  label: string;
  /** What the button says. */
  submit: string;
  /** Takes the text over; while the promise is open it is busy, and what it throws is shown and the text stays. */
  onSubmit: (body: string) => void | Promise<unknown>;
  onCancel?: () => void;
  /** Told at each change whether something is being written. */
  onTyping?: (isTyping: boolean) => void;
  autoFocus?: boolean;
  beside?: ReactNode;
}

/** Where a comment is written: Markdown with mentions and a preview; Ctrl and Enter sends it. */
export function Composer(props: ComposerProps) {
  const { projectId, label, submit, onSubmit, onCancel, onTyping, autoFocus = false, beside } = props;
  const draft = useDraft(props.draft, props.initial);
  const [isPreview, setPreview] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const body = draft.text.trim();

  const send = async () => {
    if (body === '' || isBusy) return;
    setError(undefined);
    setBusy(true);
    try {
      await onSubmit(body);
      draft.clear();
      setPreview(false);
      onTyping?.(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const cancel = () => {
    draft.clear();
    onTyping?.(false);
    onCancel?.();
  };
  return (
    <form
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="xs">
        {isPreview ? (
          <Paper withBorder p="xs" role="region" aria-label="Preview">
            <Markdown source={body === '' ? '*Nothing is written yet.*' : draft.text} />
          </Paper>
        ) : (
          <MarkdownField
            projectId={projectId}
            label={label}
            value={draft.text}
            onChange={(text) => {
              draft.set(text);
              onTyping?.(text.trim() !== '');
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              } else if (event.key === 'Escape' && onCancel && body === '') cancel();
            }}
            maxLength={60_000}
            autoFocus={autoFocus}
          />
        )}
        {error !== undefined && <FailureNotice error={error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={isBusy} disabled={body === ''}>
            {submit}
          </Button>
          {onCancel && (
            <Button size="xs" variant="default" onClick={cancel}>
              Cancel
            </Button>
          )}
          {body !== '' && (
            <Button
              size="xs"
              variant="subtle"
              aria-pressed={isPreview}
              onClick={() => setPreview(!isPreview)}
            >
              {isPreview ? 'Write on' : 'Preview'}
            </Button>
          )}
          {beside}
          <Text size="xs" c="dimmed" visibleFrom="xs">
            Markdown, @ mentions<VisuallyHidden>, Control and Enter sends</VisuallyHidden>
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
