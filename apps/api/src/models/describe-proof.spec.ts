import { describeProof } from './describe-proof.js';

it.each([
  [{ rows: 256, answered_by: 'import' }, /prove only that we agree with ourselves/],
  [{ rows: 256, answered_by: 'translation' }, /they prove the translation, not that the source answers alike/],
  [{ rows: 40, answered_by: 'source' }, /the source of the model answered/],
  [{ rows: 256, answered_by: 'training' }, /as in training/],
  [{ rows: 256 }, /does not say who/],
  [{ rows: 0 }, /^Nothing compares the model with its source\.$/],
] as const)('says what %j proves', (proof, words) => {
  expect(describeProof(proof)).toEqual({
    rows: proof.rows,
    answered_by: 'answered_by' in proof ? proof.answered_by : null,
    says: expect.stringMatching(words) as string,
  });
});
