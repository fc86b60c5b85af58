import {
  Alert,
  Button,
  Code,
  Fieldset,
  Group,
  List,
  Paper,
  Stack,
  Text,
  TextInput,
  Textarea,
  Title,
} from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../../api.ts';
import { ConfirmButton } from '../../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { FormBox } from '../../../kit/FormBox.tsx';
import { Page } from '../../../kit/Page.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { Time } from '../../../kit/Time.tsx';
import { Count, formatCount } from '../../../kit/numbers.tsx';
import { toast } from '../../../kit/toast.ts';
import { useForm } from '../../../kit/useForm.ts';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useRights } from '../../../kit/useRight.ts';

type Fixture = Outputs['policies']['fixtures']['items'][number];

const example = `tests:
  - name: a viewer reads, and does not write
    given:
      roles: [viewer]
    then:
      allow: [threads.list]
      deny: [comments.add]
`;

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.policies.fixtures.pathKey() });

/** Decides all fixtures by the policy as it is. */
function TestNow() {
  const test = useMutation({ mutationFn: () => client.policies.test.mutate({}) });
  const failures = test.data?.results.filter(({ sentence }) => sentence !== null) ?? [];
  return (
    <Stack gap="xs" align="start">
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        Test the policy now
      </Button>
      {test.error && <FailureNotice error={test.error} />}
      {test.data && (
        <Alert
          role="status"
          color={test.data.failed > 0 ? 'red' : 'green'}
          variant="light"
          icon={test.data.failed > 0 ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
          title={
            test.data.failed > 0
              ? `${formatCount(test.data.failed)} of ${formatCount(test.data.failed + test.data.passed)} expectations do not hold.`
              : `All ${formatCount(test.data.passed)} expectations hold.`
          }
        >
          <List size="sm">
            {failures.map(({ fixture, test: name, line, permission, sentence }) => (
              <List.Item key={`${fixture} ${line} ${permission}`}>
                {fixture}, line {line} ({name}): {sentence}.
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}

function Editor({ fixture, onDone }: { fixture: Fixture | undefined; onDone: () => void }) {
  const form = useForm(
    { name: fixture?.name ?? '', source: fixture?.source ?? example },
    async (values, reset) => {
      await client.policies.putFixture.mutate(values);
      toast(`The fixture ${values.name} is stored.`);
      reset();
      onDone();
      await renew();
    },
  );
  return (
    <Fieldset legend={fixture ? `Change ${fixture.name}` : 'Add a fixture'}>
      <FormBox
        form={form}
        submit={fixture ? 'Store the change' : 'Store the fixture'}
        beside={
          fixture && (
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
          )
        }
      >
        <TextInput label="Name" required readOnly={fixture !== undefined} {...form.field('name')} />
        <Textarea
          label="What must stay true"
          description="Given a caller, these permissions are allowed and those denied."
          required
          autosize
          minRows={6}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.field('source')}
        />
      </FormBox>
    </Fieldset>
  );
}

/** What must stay true of the policy: a change that would break it is refused. */
export default function Fixtures() {
  const pages = usePages(trpc.policies.fixtures.infiniteQueryOptions({}, byCursor));
  const { may } = useRights();
  const [edited, setEdited] = useState<Fixture>();
  return (
    <Page
      title="Fixtures"
      breadcrumbs={[{ label: 'Permissions', to: '/admin/policy' }]}
      lead="They say what must stay true. A change of the policy that would break one is refused, with the line that fails."
    >
      {may('policies.test') && <TestNow />}
      {may('policies.putFixture') && (
        <Editor key={edited?.id ?? 'new'} fixture={edited} onDone={() => setEdited(undefined)} />
      )}
      <PagedList pages={pages} what="the fixtures" empty="There are no fixtures yet.">
        {(fixtures) => (
          <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Fixtures">
            {fixtures.map((fixture) => (
              <Paper key={fixture.id} component="li" withBorder p="md">
                <Group justify="space-between">
                  <div>
                    <Title order={2} size="h5">
                      {fixture.name}
                    </Title>
                    <Text size="sm" c="dimmed">
                      <Count value={fixture.source.split('\n').length} /> lines, changed{' '}
                      <Time at={fixture.updatedAt} />
                    </Text>
                  </div>
                  <Group gap="xs">
                    {may('policies.putFixture') && (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={`Change ${fixture.name}`}
                        onClick={() => setEdited(fixture)}
                      >
                        Change
                      </Button>
                    )}
                    {may('policies.removeFixture') && (
                      <ConfirmButton
                        size="xs"
                        label={`Remove ${fixture.name}`}
                        consequence="Nothing holds the policy to it any more."
                        onConfirm={async () => {
                          await client.policies.removeFixture.mutate({ name: fixture.name });
                          toast(`The fixture ${fixture.name} is removed.`);
                          await renew();
                        }}
                      >
                        Remove
                      </ConfirmButton>
                    )}
                  </Group>
                </Group>
                <Code block mt="xs" tabIndex={0}>
                  {fixture.source}
                </Code>
              </Paper>
            ))}
          </Stack>
        )}
      </PagedList>
    </Page>
  );
}
