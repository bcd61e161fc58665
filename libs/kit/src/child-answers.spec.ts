import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildAnswers } from './child-answers.js';

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const script = join(folder, 'answer.cjs');
/** Answers with its process id and the question, or does what the question asks for. */
writeFileSync(
  script,
  `process.on('disconnect', () => process.exit());
process.on('message', (question) => {
  if (question === 'exit') process.exit(3);
  if (question === 'fail') process.send({ output: 'no such thing' });
  else if (question !== 'hang') process.send({ answer: process.pid + ' ' + question });
});`,
);
const answers = (seconds = 30): ChildAnswers => new ChildAnswers({ script, seconds, idleSeconds: 30 });

it('one child answers one question after the other, each its own', async () => {
  const child = answers();
  const [one, other] = await Promise.all([child.ask('a'), child.ask('b')]);
  expect([one.split(' ')[1], other.split(' ')[1]]).toEqual(['a', 'b']);
  expect(one.split(' ')[0]).toBe(other.split(' ')[0]);
  child.close();
});

it('a failure is told, and a child that has ended is replaced', async () => {
  const child = answers();
  await expect(child.ask('fail')).rejects.toMatchObject({ message: 'failed', output: 'no such thing' });
  await expect(child.ask('exit')).rejects.toThrow('ended with code 3');
  expect(await child.ask('again')).toMatch(/^\d+ again$/);
  child.close();
  await expect(child.ask('late')).rejects.toThrow('was stopped');
});

it('a question without an answer ends the child, and the next one is answered', async () => {
  const child = answers(1);
  await expect(child.ask('hang')).rejects.toThrow('did not end in 1 s');
  expect(await child.ask('next')).toMatch(/ next$/);
  child.close();
});
