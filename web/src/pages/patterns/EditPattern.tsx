import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { readFailure } from 'tessera-client';
import { NotFound } from '../../frame/NotFound.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { NounFields, type NounValues, changesOf, keysOf, valuesOf } from './NounFields.tsx';
import { Overtaken } from './Overtaken.tsx';
import { PatternPage } from './PatternPage.tsx';
import { type Sentence, describeChanges } from './describeChange.ts';
import { type Noun, type Pattern, clientOf, idOf, pathOf, useNounPlace } from './nouns.ts';
import { usePattern } from './usePattern.ts';
import { renewPatterns } from './usePatternNews.ts';
import { useCategories, useVocabularies } from './useTrees.ts';

/** What differs between two states of a form, in words. */
function compare(noun: Noun, base: NounValues, now: NounValues, names: Record<string, string>): Sentence[] {
  const differing = keysOf(noun).filter((key) => base[key] !== now[key]);
  const changes = Object.fromEntries(differing.map((key) => [key, { old: base[key], new: now[key] }]));
  return describeChanges({ changes, names }).map(({ label, old, now: is }) => ({
    sign: 'changed',
    text: `${label}: ${old} → ${is}`,
  }));
}

function Editor({ noun, pattern }: { noun: Noun; pattern: Pattern }) {
  const { projectId, id } = pattern;
  const navigate = useNavigate();
  const path = pathOf(projectId, noun, id);
  const theirs = valuesOf(pattern);
  /** What the form was filled with. */
  const [base, setBase] = useState(theirs);
  const named = [...useCategories(projectId).options, ...useVocabularies(projectId)];
  const names = Object.fromEntries(named.map(({ value, label }) => [value, label]));
  const form = useForm(theirs, async (values) => {
    try {
      await clientOf(noun).update.mutate({
        projectId,
        ...idOf(noun, id),
        ...changesOf(noun, values),
        version: pattern.version,
      });
    } catch (caught) {
      // Who was faster is shown as soon as their change has come.
      if (readFailure(caught)?.code === 'VERSION_CLASH') renewPatterns();
      throw caught;
    }
    renewPatterns();
    toast(`${values.name} is saved.`);
    await navigate({ to: path });
  });
  const changed = compare(noun, base, theirs, names);
  return (
    <FormBox
      form={{ ...form, error: changed.length > 0 ? undefined : form.error }}
      submit="Save"
      beside={
        <Button component={Link} to={path} variant="default">
          Cancel
        </Button>
      }
    >
      <NounFields noun={noun} projectId={projectId} form={form} own={id} />
      {changed.length > 0 && (
        <Overtaken
          what={`This ${noun.one} was changed while you were at it.`}
          sentences={changed}
          onTake={() => {
            form.set(theirs);
            setBase(theirs);
          }}
          onKeep={() => setBase(theirs)}
        />
      )}
    </FormBox>
  );
}

function Edit({ noun, id }: { noun: Noun; id: string }) {
  const projectId = useProjectId();
  const { pattern, error, refetch } = usePattern(noun, projectId, id);
  const above = [{ label: noun.label, to: pathOf(projectId, noun) }];
  return (
    <PatternPage
      title={pattern ? `Change ${pattern.name}` : `Change the ${noun.one}`}
      breadcrumbs={pattern ? [...above, { label: pattern.name, to: pathOf(projectId, noun, id) }] : above}
    >
      {() => {
        if (pattern) return <Editor noun={noun} pattern={pattern} />;
        return error ? (
          <FailureNotice error={error} onRetry={refetch} />
        ) : (
          <Loading what={`the ${noun.one}`} />
        );
      }}
    </PatternPage>
  );
}

/** Changes what a pattern says of itself; what it is made of is changed on its page. */
export default function EditPattern() {
  const { noun, patternId } = useNounPlace();
  return noun ? <Edit key={patternId} noun={noun} id={patternId} /> : <NotFound />;
}
