import { missingTest } from './missing-tokens.js';

describe('missingTest', () => {
  it('takes for no value what pandas does, blanks around it aside', () => {
    const isMissing = missingTest();
    expect(['', ' ', ' \t', 'NA', ' NA ', 'nan', 'None', '#N/A'].filter((text) => !isMissing(text))).toEqual([]);
    expect(['0', 'na', 'none', 'N A', '-', '?'].filter(isMissing)).toEqual([]);
  });

  it('takes other texts where they are named', () => {
    expect(['?', ' -999', 'NA', ''].map(missingTest(['?', '-999']))).toEqual([true, true, false, false]);
  });
});
