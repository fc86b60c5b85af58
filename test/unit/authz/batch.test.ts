import { expect, test } from 'vitest';
import { Batch } from '../../../src/authz/Batch.ts';

/** A batch whose reads the test answers one by one. */
function makeBatch(options: { size: number; atOnce: number }) {
  const reads: { questions: readonly string[]; answer(): void; fail(error: Error): void }[] = [];
  const batch = new Batch<string, string>((questions) => {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    const answer = () => resolve(questions.map((question) => question.toUpperCase()));
    reads.push({ questions, answer, fail: reject });
    return promise;
  }, options);
  return { batch, reads, ask: (question: string) => batch.ask(question, question) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked in one turn is read together, and the same question once', async () => {
  const { reads, ask } = makeBatch({ size: 10, atOnce: 2 });
  const answers = ['a', 'b', 'a', 'c'].map(ask);
  await turn();
  expect(reads.map(({ questions }) => questions)).toEqual([['a', 'b', 'c']]);
  reads[0]?.answer();
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'A', 'C']);
});

test('a question that comes while its like is being read is read anew, for that read has begun before', async () => {
  const { reads, ask } = makeBatch({ size: 10, atOnce: 2 });
  const first = ask('a');
  await turn();
  const second = ask('a');
  await turn();
  expect(reads.map(({ questions }) => questions)).toEqual([['a'], ['a']]);
  reads[1]?.answer();
  expect(await second).toBe('A');
  reads[0]?.answer();
  expect(await first).toBe('A');
});

test('reads are bounded in size and number; what waits is collected', async () => {
  const { reads, ask } = makeBatch({ size: 2, atOnce: 2 });
  const answers = ['a', 'b', 'c', 'd', 'e'].map(ask);
  await turn();
  answers.push(ask('f'));
  await turn();
  expect(reads.map(({ questions }) => questions)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  reads[1]?.answer();
  await turn();
  expect(reads[2]?.questions).toEqual(['e', 'f']);
  reads[0]?.answer();
  reads[2]?.answer();
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
});

test('a read that fails fails for those who asked it, and no others', async () => {
  const { reads, ask } = makeBatch({ size: 1, atOnce: 1 });
  const [first, second] = [ask('a'), ask('b')];
  await turn();
  reads[0]?.fail(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  await turn();
  reads[1]?.answer();
  expect(await second).toBe('B');
});
