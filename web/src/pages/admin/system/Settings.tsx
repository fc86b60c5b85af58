import { Badge, Checkbox, Code, Group, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../../api.ts';
import { Empty } from '../../../kit/Empty.tsx';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { Page } from '../../../kit/Page.tsx';

type Setting = Outputs['system']['settings']['items'][number];

function Value({ setting: { isSecret, isSet, value } }: { setting: Setting }) {
  if (isSecret) return <Text size="sm">{isSet ? 'set, and shown to nobody' : 'not set'}</Text>;
  return value === null ? <Text size="sm">none</Text> : <Code className="setting-value">{value}</Code>;
}

/** Every setting as it is on the node that answers. */
export default function Settings() {
  const { data, error, refetch } = useQuery(trpc.system.settings.queryOptions({}));
  const [text, setText] = useState('');
  const [isOnlySet, setOnlySet] = useState(false);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = data?.items.filter(
    ({ name, meaning, isSet }) =>
      (!isOnlySet || isSet) && words.every((word) => `${name} ${meaning}`.toLowerCase().includes(word)),
  );
  return (
    <Page
      title="Settings"
      lead="As they are on the node that answers. They are set in its environment; a change needs a restart."
    >
      <Group align="end">
        <TextInput
          label="Find a setting"
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Checkbox
          label="Only those that were set"
          checked={isOnlySet}
          onChange={(event) => setOnlySet(event.currentTarget.checked)}
        />
      </Group>
      {error && <FailureNotice error={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading what="the settings" />}
      {found?.length === 0 && <Empty message="No setting is like this." />}
      {found && found.length > 0 && (
        <div className="table-scroll">
          <Table aria-label="Settings">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th>Meaning</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody style={{ verticalAlign: 'top' }}>
              {found.map((setting) => (
                <Table.Tr key={setting.name}>
                  <Table.Td>
                    <Code>{setting.name}</Code>{' '}
                    {setting.isSet && (
                      <Badge variant="light" tt="none" component="span">
                        set
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Value setting={setting} />
                    {setting.isSet && setting.default !== null && !setting.isSecret && (
                      <Text size="xs" c="dimmed">
                        instead of {setting.default || 'an empty text'}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{setting.meaning}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Page>
  );
}
