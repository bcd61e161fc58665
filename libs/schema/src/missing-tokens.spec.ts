import { missingTest } from './missing-tokens.js';

describe('missingTest', () => {
  it('matches the missing tokens of pandas, ignoring surrounding blanks', () => {
    const isMissing = missingTest();
    expect(['', ' ', ' \t', 'NA', ' NA ', 'nan', 'None', '#N/A'].filter((text) => !isMissing(text))).toEqual([]);
    expect(['0', 'na', 'none', 'N A', '-', '?'].filter(isMissing)).toEqual([]);
  });

  it('matches given tokens instead', () => {
    expect(['?', ' -999', 'NA', ''].map(missingTest(['?', '-999']))).toEqual([true, true, false, false]);
  });
});
