import { Button, Group, List, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { readFailure } from 'tessera-client';
import { client, queryClient } from '../../../api.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { useRight } from '../../../kit/useRight.ts';
import { Effect } from './Effect.tsx';
import { type Draft, discardDraft, rebaseDraft, toggleChange } from './draft.ts';
import { renewPolicy } from './renewPolicy.ts';
import { type Proposal, describeRule, keyOf } from './rules.ts';
import { formatCount } from '../../../kit/numbers.tsx';

interface DraftPanelProps {
  draft: Draft;
  proposal: Proposal | undefined;
  error: unknown;
}

/** The drafted changes, what they would do, and the button that makes them. */
export function DraftPanel({ draft, proposal, error }: DraftPanelProps) {
  const { changes, baseEpoch } = draft;
  const mayApply = useRight('policies.apply');
  const form = useForm({ reason: '' }, async ({ reason }, reset) => {
    try {
      const base = baseEpoch ?? 0;
      const { epoch } = await client.policies.apply.mutate({
        changes: [...changes],
        baseEpoch: base,
        reason,
      });
      discardDraft();
      reset();
      toast(`The policy is changed. It is version ${epoch} now.`);
      await renewPolicy();
    } catch (caught) {
      // The effect, worked out anew, says what others have changed.
      await queryClient.invalidateQueries({ queryKey: ['policies.propose'] });
      if (readFailure(caught)?.code !== 'POLICY_STALE') throw caught;
    }
  });
  const rebase = (epoch: number) => {
    rebaseDraft(epoch);
    void renewPolicy();
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Drafted changes">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {changes.length === 1 ? 'One drafted change' : `${formatCount(changes.length)} drafted changes`}
        </Title>
        <List size="sm" spacing={4}>
          {changes.map((change) => {
            const text = `${change.op === 'add' ? 'Add' : 'Take away'}: ${describeRule(change.rule)}`;
            return (
              <List.Item key={keyOf(change.rule)}>
                <Group gap="xs">
                  {text}
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Leave out “${text}”`}
                    onClick={() => toggleChange(change, baseEpoch ?? 0)}
                  >
                    Leave out
                  </Button>
                </Group>
              </List.Item>
            );
          })}
        </List>
        {error !== undefined && error !== null && <FailureNotice error={error} />}
        {!proposal && !error && <Loading what="what it would do" />}
        {proposal && <Effect proposal={proposal} onRebase={rebase} />}
        {mayApply ? (
          <FormBox
            form={form}
            submit="Apply the changes"
            label="Apply the changes"
            beside={
              <Button variant="default" onClick={discardDraft}>
                Discard all
              </Button>
            }
          >
            <TextInput
              label="Reason"
              description="It stands in the history, for those who wonder later."
              required
              {...form.field('reason')}
            />
          </FormBox>
        ) : (
          <Text size="sm">You may look at what changes would do, but not make them.</Text>
        )}
      </Stack>
    </Paper>
  );
}
