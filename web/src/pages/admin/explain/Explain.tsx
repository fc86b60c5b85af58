import { Alert, Group, SegmentedControl, Select, Stack, Switch } from '@mantine/core';
import { IconQuestionMark } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '../../../api.ts';
import { Page } from '../../../kit/Page.tsx';
import type { ActorRef } from '../../../kit/Person.tsx';
import { PersonPicker } from '../../../kit/PersonPicker.tsx';
import { useRights } from '../../../kit/useRight.ts';
import { type PickedProject, ProjectPicker } from '../ProjectPicker.tsx';
import { Answer } from './Answer.tsx';
import { WhatCan } from './WhatCan.tsx';
import { WhoCan } from './WhoCan.tsx';
import { useLivePolicy } from '../policy/useLivePolicy.ts';

const questions = [
  { value: 'why', label: 'Why may they, or not?', needs: 'policies.explain' },
  { value: 'who', label: 'Who can?', needs: 'policies.whoCan' },
  { value: 'what', label: 'What can they do?', needs: 'policies.whatCan' },
];

/** Answers about rights: why, who, what. */
export default function Explain() {
  const { may } = useRights();
  const [question, setQuestion] = useState('why');
  const [person, setPerson] = useState<ActorRef | null>(null);
  const [isAnonymous, setAnonymous] = useState(false);
  const [permission, setPermission] = useState<string | null>(null);
  const [project, setProject] = useState<PickedProject | null>(null);
  // Whoever may explain may read the names of all permissions.
  const own = useQuery(trpc.policies.matrix.queryOptions({}));
  useLivePolicy(own.data?.epoch);
  const names = own.data?.procedures.map(({ permission: name }) => name) ?? [];
  const projectId = project?.id;
  const isOfPerson = question !== 'who';
  const hasPerson = person !== null || (isAnonymous && question === 'why');
  const isAsked = (!isOfPerson || hasPerson) && (question === 'what' || permission !== null);
  return (
    <Page title="Explain" lead="Why somebody may do something, who can, and what somebody can do.">
      <SegmentedControl
        aria-label="Question"
        className="worded-choices"
        data={questions.filter(({ needs }) => may(needs)).map(({ value, label }) => ({ value, label }))}
        value={question}
        onChange={setQuestion}
        style={{ alignSelf: 'start' }}
      />
      <Group align="end" gap="sm">
        {isOfPerson && !(isAnonymous && question === 'why') && (
          <PersonPicker label="Person" value={person} onChange={setPerson} />
        )}
        {question !== 'what' && (
          <Select
            label="Permission"
            searchable
            placeholder="comments.add"
            nothingFoundMessage="No permission is called so"
            data={names}
            value={permission}
            onChange={setPermission}
          />
        )}
        <ProjectPicker label="In the project" value={project} onChange={setProject} />
        {question === 'why' && (
          <Switch
            label="Somebody who is not signed in"
            checked={isAnonymous}
            onChange={(event) => setAnonymous(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Stack gap="md">
        {!isAsked && (
          <Alert
            color="gray"
            variant="light"
            icon={<IconQuestionMark aria-hidden />}
            title="Choose what you want to know about."
          />
        )}
        {isAsked && question === 'why' && permission && (
          <Answer
            actorId={isAnonymous ? null : (person?.id ?? null)}
            permission={permission}
            projectId={projectId}
          />
        )}
        {isAsked && question === 'who' && permission && (
          <WhoCan permission={permission} projectId={projectId} />
        )}
        {isAsked && question === 'what' && person && <WhatCan actorId={person.id} projectId={projectId} />}
      </Stack>
    </Page>
  );
}
