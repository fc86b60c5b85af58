import { expect, test } from 'vitest';
import { explainGitFailure, isLocalFailure } from '../../../src/drivers/git/explainGitFailure.ts';
import { GitFailure } from '../../../src/drivers/git/gitProcess.ts';

const context = { url: 'https://example.org/a.git', ref: 'main' };
const failureOf = (stderr: string) => new GitFailure('git ended with 128', stderr);
const explain = (stderr: string) => () => explainGitFailure(failureOf(stderr), context);

test('a mirror that is damaged is no repository that is missing, wherever mirrors are kept', () => {
  for (const folder of ['/srv/tessera', '/dev/shm/tessera']) {
    const complaint = `fatal: not a git repository: '${folder}/mirrors/1'`;
    expect(explain(complaint)).toThrow(expect.objectContaining({ errorCode: 'REPOSITORY_READ_FAILED' }));
    expect(isLocalFailure(failureOf(complaint))).toBe(true);
  }
  const nowhere = `fatal: not a git repository: '/dev/null'`;
  expect(explain(nowhere)).toThrow(expect.objectContaining({ errorCode: 'REPOSITORY_NOT_FOUND' }));
  expect(isLocalFailure(failureOf(nowhere))).toBe(false);
});
