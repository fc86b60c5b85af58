import { Badge, List, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../../api.ts';
import { Page } from '../../../kit/Page.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { Person } from '../../../kit/Person.tsx';
import { Time } from '../../../kit/Time.tsx';
import { Count } from '../../../kit/numbers.tsx';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useRight } from '../../../kit/useRight.ts';
import { RollBack } from './RollBack.tsx';
import { useLivePolicy } from './useLivePolicy.ts';
import { type Rule, type Version, describeRule, keyOf } from './rules.ts';

const mostRules = 12;
const above = [{ label: 'Permissions', to: '/admin/policy' }];

function Rules({ word, rules }: { word: string; rules: readonly Rule[] }) {
  if (rules.length === 0) return null;
  return (
    <>
      <List size="sm">
        {rules.slice(0, mostRules).map((rule) => (
          <List.Item key={keyOf(rule)}>
            {word}: {describeRule(rule)}
          </List.Item>
        ))}
      </List>
      {rules.length > mostRules && (
        <Text size="sm">
          and <Count value={rules.length - mostRules} /> more {word}
        </Text>
      )}
    </>
  );
}

interface EntryProps {
  version: Version;
  isNewest: boolean;
  /** Epoch of the version in force, when the reader may take the policy back to this one. */
  backFrom: number | undefined;
}

function Entry({ version, isNewest, backFrom }: EntryProps) {
  const { epoch, actor, reason, added, removed, createdAt } = version;
  return (
    <Paper withBorder p="md" component="li" aria-label={`Version ${epoch}`}>
      <Stack gap={4} align="start">
        <Text fw={600}>
          {reason}{' '}
          {isNewest && (
            <Badge variant="light" tt="none" component="span">
              in force
            </Badge>
          )}
        </Text>
        <Text size="sm" component="div">
          Version {epoch}, <Time at={createdAt} />, by <Person actor={actor} />
        </Text>
        <Rules word="added" rules={added} />
        <Rules word="removed" rules={removed} />
        {backFrom !== undefined && !isNewest && <RollBack to={epoch} now={backFrom} />}
      </Stack>
    </Paper>
  );
}

/** Every version of the policy, and the way back to each. */
export default function History() {
  const pages = usePages(trpc.policies.history.infiniteQueryOptions({}, byCursor));
  const mayRollBack = useRight('policies.rollback');
  const { data: matrix } = useQuery(trpc.policies.matrix.queryOptions({}));
  useLivePolicy(matrix?.epoch);
  return (
    <Page title="History of the permissions" breadcrumbs={above} lead="Who changed what, and why.">
      <PagedList pages={pages} what="the history" empty="The policy has never been changed.">
        {(versions) => (
          <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Versions">
            {versions.map((version) => (
              <Entry
                key={version.epoch}
                version={version}
                isNewest={version.epoch === versions[0]?.epoch}
                backFrom={mayRollBack ? versions[0]?.epoch : undefined}
              />
            ))}
          </Stack>
        )}
      </PagedList>
    </Page>
  );
}
