import { describeProof } from './describe-proof.js';

it.each([
  [{ rows: 256, answered_by: 'import' }, /do not prove that the model agrees with its source/],
  [
    { rows: 256, answered_by: 'translation' },
    /they prove the translation, but not that the source gives the same answers/,
  ],
  [{ rows: 40, answered_by: 'source' }, /answers of the source are reproduced/],
  [{ rows: 256, answered_by: 'training' }, /as they were answered in training/],
  [{ rows: 256 }, /does not record where/],
  [{ rows: 0 }, /^The model was not compared with its source\.$/],
] as const)('says what %j proves', (proof, words) => {
  expect(describeProof(proof)).toEqual({
    rows: proof.rows,
    answered_by: 'answered_by' in proof ? proof.answered_by : null,
    says: expect.stringMatching(words) as string,
  });
});
