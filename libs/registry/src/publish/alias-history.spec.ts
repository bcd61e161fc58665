import { type AliasMove, lineOfChampions } from './alias-history.js';

const moves = (...versions: [from: string | null, to: string][]): AliasMove[] =>
  versions.map(([from, to]) => ({ when: '', who: '', why: '', alias: 'champion', from, to }));

describe('lineOfChampions', () => {
  it.each([
    ['nothing', [], []],
    ['a first champion', [[null, '1']], ['1']],
    [
      'promotions',
      [
        ['1', '2'],
        ['2', '3'],
      ],
      ['1', '2', '3'],
    ],
    [
      'a rollback',
      [
        ['1', '2'],
        ['2', '3'],
        ['3', '2'],
      ],
      ['1', '2'],
    ],
    [
      'two rollbacks',
      [
        ['1', '2'],
        ['2', '3'],
        ['3', '2'],
        ['2', '1'],
      ],
      ['1'],
    ],
    [
      'a promotion after a rollback',
      [
        ['1', '2'],
        ['2', '1'],
        ['1', '3'],
      ],
      ['1', '3'],
    ],
    [
      'the champion promoted again',
      [
        ['1', '2'],
        ['2', '2'],
      ],
      ['1', '2'],
    ],
  ] as [string, [string | null, string][], string[]][])('of %s', (_, versions, line) => {
    expect(lineOfChampions(moves(...versions))).toEqual(line);
  });

  it('does not count challengers', () => {
    const challenger: AliasMove = { ...moves(['1', '2'])[0], alias: 'challenger', to: '3' };
    expect(lineOfChampions([...moves(['1', '2']), challenger])).toEqual(['1', '2']);
  });
});
