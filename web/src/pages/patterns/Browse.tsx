import { Button, Group, Select, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { NotFound } from '../../frame/NotFound.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { Adopt } from './Adopt.tsx';
import { CategoryTree } from './CategoryTree.tsx';
import { DeletedList } from './DeletedList.tsx';
import { NounList } from './NounList.tsx';
import { PatternPage } from './PatternPage.tsx';
import { type Noun, many, pathOf, useNounPlace } from './nouns.ts';
import { useCategories } from './useTrees.ts';

const anywhere = 'any';
const nowhere = 'none';

function Kind({ noun }: { noun: Noun }) {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const [showsDeleted, setShowsDeleted] = useState(false);
  const [category, setCategory] = useState(anywhere);
  const { options } = useCategories(projectId);
  const filter = { [anywhere]: undefined, [nowhere]: null }[category];
  const categoryId = category === anywhere || category === nowhere ? filter : category;
  return (
    <PatternPage
      title={noun.label}
      lead={noun.meaning}
      actions={
        <>
          {noun.isPattern && may(`${noun.list}.adopt`) && <Adopt noun={noun} projectId={projectId} />}
          {may(`${noun.list}.create`) && (
            <Button component={Link} to={`${pathOf(projectId, noun)}/new`}>
              New {noun.one}
            </Button>
          )}
        </>
      }
    >
      {() => (
        <>
          <Group align="end">
            {noun.isPattern && !showsDeleted && (
              <Select
                label="Category"
                searchable
                allowDeselect={false}
                value={category}
                onChange={(chosen) => setCategory(chosen ?? anywhere)}
                data={[{ value: anywhere, label: 'Any' }, { value: nowhere, label: 'In none' }, ...options]}
              />
            )}
            <Switch
              label={`Show deleted ${many(noun)}`}
              checked={showsDeleted}
              onChange={(event) => setShowsDeleted(event.currentTarget.checked)}
            />
          </Group>
          {showsDeleted && <DeletedList noun={noun} projectId={projectId} />}
          {!showsDeleted && noun.name === 'category' && <CategoryTree projectId={projectId} />}
          {!showsDeleted && noun.name !== 'category' && (
            <NounList key={category} noun={noun} projectId={projectId} categoryId={categoryId} />
          )}
        </>
      )}
    </PatternPage>
  );
}

/** The patterns of one kind: those that are there, live, or those that were deleted. */
export default function Browse() {
  const { noun } = useNounPlace();
  return noun ? <Kind key={noun.name} noun={noun} /> : <NotFound />;
}
