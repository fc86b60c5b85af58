import { Button, FileInput, Fieldset, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client } from '../../../api.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { Page } from '../../../kit/Page.tsx';
import { Count, formatCount } from '../../../kit/numbers.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { useRight } from '../../../kit/useRight.ts';
import { saveText } from '../saveText.ts';
import { renewPolicy } from './renewPolicy.ts';
import { describeRule, keyOf } from './rules.ts';

type Rehearsal = Outputs['policies']['import'];
const mostRules = 50;

function Export() {
  const [error, setError] = useState<unknown>();
  const save = async (what: 'policy' | 'model', memberships: boolean) => {
    setError(undefined);
    try {
      const file = await client.policies.export.query({ memberships });
      saveText(what === 'policy' ? `policy-${file.epoch}.csv` : 'model.conf', 'text/plain', file[what]);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Fieldset legend="Export">
      <Stack gap="sm">
        <Text size="sm">
          The policy in Casbin’s own CSV, which other Casbin tools read, and the model for it.
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={() => void save('policy', false)}>
            Download the rules
          </Button>
          <Button variant="default" onClick={() => void save('policy', true)}>
            Download the rules with who has which role
          </Button>
          <Button variant="default" onClick={() => void save('model', false)}>
            Download the model
          </Button>
        </Group>
        {error !== undefined && <FailureNotice error={error} />}
      </Stack>
    </Fieldset>
  );
}

function Differences({ rehearsal: { added, removed, ignored } }: { rehearsal: Rehearsal }) {
  const rules = [
    ...added.map((rule) => ({ word: 'added', rule })),
    ...removed.map((rule) => ({ word: 'removed', rule })),
  ];
  return (
    <div role="status">
      <Text fw={600}>
        {rules.length === 0
          ? 'The file holds the policy as it is.'
          : `The file would change ${formatCount(rules.length)} ${rules.length === 1 ? 'rule' : 'rules'}:`}
      </Text>
      <List size="sm">
        {rules.slice(0, mostRules).map(({ word, rule }) => (
          <List.Item key={keyOf(rule)}>
            {word}: {describeRule(rule)}
          </List.Item>
        ))}
      </List>
      {rules.length > mostRules && (
        <Text size="sm">
          and <Count value={rules.length - mostRules} /> more
        </Text>
      )}
      {ignored > 0 && (
        <Text size="sm">
          <Count value={ignored} /> lines about people are left out.
        </Text>
      )}
    </div>
  );
}

function Import() {
  const initial = { file: null as File | null, reason: '' };
  const [rehearsal, setRehearsal] = useState<Rehearsal>();
  const form = useForm(initial, async ({ file, reason }, reset) => {
    const policy = (await file?.text()) ?? '';
    if (!rehearsal) {
      const { epoch } = await client.policies.matrix.query();
      setRehearsal(await client.policies.import.mutate({ policy, baseEpoch: epoch, reason, dryRun: true }));
      return;
    }
    const { epoch } = await client.policies.import.mutate({ policy, baseEpoch: rehearsal.epoch, reason });
    setRehearsal(undefined);
    reset();
    toast(`The file is the policy now, as version ${epoch}.`);
    await renewPolicy();
  });
  return (
    <Fieldset legend="Import">
      <FormBox
        form={form}
        submit={rehearsal ? 'Make it the policy' : 'See what it would change'}
        label="Import"
        beside={
          rehearsal && (
            <Button variant="default" onClick={() => setRehearsal(undefined)}>
              Not yet
            </Button>
          )
        }
      >
        <FileInput
          label="Policy file"
          description="All its rules become the policy; lines about people are left out."
          accept=".csv,.txt,text/csv,text/plain"
          required
          value={form.values.file}
          onChange={(file) => {
            setRehearsal(undefined);
            form.set({ file });
          }}
          error={form.field('file').error}
        />
        <TextInput label="Reason" required {...form.field('reason')} />
        {rehearsal && <Differences rehearsal={rehearsal} />}
      </FormBox>
    </Fieldset>
  );
}

/** The policy as a file: out, and in again. */
export default function PolicyFile() {
  const mayImport = useRight('policies.import');
  return (
    <Page title="Import and export" breadcrumbs={[{ label: 'Permissions', to: '/admin/policy' }]}>
      <Export />
      {mayImport && <Import />}
    </Page>
  );
}
